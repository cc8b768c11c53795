// swift-tools-version: 6.1
import Foundation
import PackageDescription

// libtorch comes from the torch wheel that `make setup` puts into .deps/python (libraries and headers; no Python runs),
// or from the folder that LIBTORCH names.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
let libtorch = ProcessInfo.processInfo.environment["LIBTORCH"] ?? "\(root)/.deps/python/torch"
let hasCUDA = FileManager.default.fileExists(atPath: "\(libtorch)/lib/libtorch_cuda.so")

let cudaLibraries = hasCUDA ? ["-Xlinker", "--no-as-needed", "-ltorch_cuda", "-lc10_cuda", "-Xlinker", "--as-needed"] : []
let torchCompiling: [CXXSetting] = [
  .unsafeFlags(["-I\(libtorch)/include", "-I\(libtorch)/include/torch/csrc/api/include", "-w", "-fvisibility=hidden"])
]
let torchLinking: [LinkerSetting] = [
  .unsafeFlags(
    ["-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib", "-ltorch", "-ltorch_cpu", "-lc10"]
      + cudaLibraries)
]

// Debian and Ubuntu keep the serial build of HDF5 under a name of its own.
let hdf5 = FileManager.default.fileExists(atPath: "/usr/include/hdf5/serial/hdf5.h") ? "hdf5_serial" : "hdf5"

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A library target and what it may import: the module table of Documentation/architecture.md.
///
/// - Parameter isArithmetic: whether its loops over numbers, pixels and bytes are optimized in debug builds too, where tests would wait a hundred times as long.
func module(_ name: String, _ dependencies: [Target.Dependency], isArithmetic: Bool = false) -> Target {
  .target(
    name: name, dependencies: dependencies,
    swiftSettings: settings + (isArithmetic ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : []))
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies, exclude: unbuilt(of: name), swiftSettings: settings)
}

/// Golden files are read by path, so that a test says which one is missing; they are no resources of the build. A library that stands in for
/// another is compiled by its test.
func unbuilt(of name: String) -> [String] {
  ["Goldens", "StandIn"].filter { FileManager.default.fileExists(atPath: "\(root)/Tests/\(name)Tests/\($0)") }
}

let package = Package(
  name: "MedTransfer",
  products: [
    .executable(name: "medtransfer", targets: ["medtransfer"]),
    // Preloaded by `medtransfer verify faults` into the processes that it tries.
    // Opened by the command when it first asks libtorch something (Sources/CTorch/Forwarding.c).
    .library(name: "MedTransferTorch", type: .dynamic, targets: ["CTorchEngine"]),
    .library(name: "MedTransferFaults", type: .dynamic, targets: ["CFaults"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CDeflate"),
    .systemLibrary(name: "CArchive"),
    .target(name: "CFaults", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CProcess"),
    module("Foundations", ["CZlib", "CCrypto", "CProcess"], isArithmetic: true),

    module("Vocabulary", ["Foundations"]),

    .target(name: "CTorchEngine", cxxSettings: torchCompiling, linkerSettings: torchLinking),
    .target(
      name: "CTorch", cSettings: [.unsafeFlags(["-I\(libtorch)/include", "-I\(libtorch)/include/torch/csrc/api/include"])],
      linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CCollectives", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    module("Torch", ["CTorch", "CCollectives", "Foundations"]),
    module("NeuralNetworks", ["Torch", "Foundations"]),

    // Its module map names the libraries to link.
    .target(name: "CImageCodecs"),
    .target(name: "CImageKernels"),
    module("Imaging", ["CImageCodecs", "CImageKernels", "Foundations"], isArithmetic: true),

    .target(name: "CHDF5", linkerSettings: [.linkedLibrary(hdf5)]),
    module("Containers", ["CDeflate", "CHDF5", "CZlib", "Foundations"], isArithmetic: true),
    module("Weights", ["Containers", "Vocabulary", "Foundations"], isArithmetic: true),
    module("Metrics", ["Foundations"], isArithmetic: true),
    module("Studies", ["Weights", "Containers", "Vocabulary", "Metrics", "Foundations", "Yams"]),
    module("Probes", ["Metrics", "Foundations"], isArithmetic: true),
    .target(name: "CDistributions"),
    module("Statistics", ["CDistributions", "Foundations"], isArithmetic: true),
    module("Figures", ["Foundations"]),
    module("Models", ["NeuralNetworks", "Weights", "Vocabulary", "Torch", "Foundations"]),
    module("Datasets", ["Imaging", "Studies", "Weights", "Containers", "Foundations"], isArithmetic: true),
    module("Loading", ["Datasets", "Imaging", "Studies", "Foundations"], isArithmetic: true),
    module("Phantoms", ["Datasets", "Imaging", "Studies", "Foundations"], isArithmetic: true),
    module("Inspection", ["Loading", "Datasets", "Imaging", "Studies", "Foundations"], isArithmetic: true),
    module("Training", ["Models", "NeuralNetworks", "Torch", "Weights", "Containers", "Vocabulary", "Loading", "Datasets", "Metrics", "Studies", "Foundations"]),
    module(
      "Pretraining",
      ["Training", "Models", "NeuralNetworks", "Torch", "Vocabulary", "Loading", "Datasets", "Imaging", "Metrics", "Studies", "Foundations"]),
    .target(name: "CDecimals"),
    module("RunStore", ["CDecimals", "Studies", "Metrics", "Foundations"]),
    module("Reports", ["RunStore", "Figures", "Statistics", "Metrics", "Weights", "Containers", "Vocabulary", "Studies", "Foundations"]),
    module("Packs", ["CArchive", "Reports", "RunStore", "Figures", "Metrics", "Weights", "Containers", "Studies", "Foundations"]),
    module(
      "Execution",
      [
        "Training", "Pretraining", "Probes", "RunStore", "Inspection", "Loading", "Phantoms", "Datasets", "Imaging", "Weights", "Containers", "Vocabulary", "Models",
        "NeuralNetworks", "Torch",
        "Metrics", "Studies", "Foundations",
      ]),
    .executableTarget(
      name: "medtransfer",
      dependencies: [
        "Execution", "Inspection", "Packs", "Reports", "RunStore", "Figures", "Loading", "Datasets", "Imaging", "Weights", "Containers", "Studies", "Training", "Metrics",
        "Vocabulary", "Torch", "Foundations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "fuzz-checkpoints", dependencies: ["Containers", "FuzzHarness", "Foundations"], path: "Fuzzing/Checkpoints",
      swiftSettings: settings),
    .executableTarget(
      name: "fuzz-images", dependencies: ["Datasets", "Imaging", "Studies", "FuzzHarness", "Foundations"], path: "Fuzzing/Images",
      swiftSettings: settings),
    .target(name: "FuzzHarness", dependencies: ["Foundations"], path: "Fuzzing/Harness", swiftSettings: settings),
    // What the tests of containers and of weights make their files of.
    .target(name: "CheckpointFixtures", dependencies: ["Containers"], path: "Tests/CheckpointFixtures", swiftSettings: settings),
    // Threads in the place of the processes of one training.
    .target(name: "ThreadedProcesses", dependencies: ["Torch"], path: "Tests/ThreadedProcesses", swiftSettings: settings),
    // Generated copies of published data sets, for the tests of several modules.
    .target(
      name: "PublishedCopies", dependencies: ["Imaging", "Foundations"], path: "Tests/PublishedCopies", swiftSettings: settings),
    // What the tests of several modules read data sets with.
    .target(name: "DatasetFixtures", dependencies: ["Datasets"], path: "Tests/DatasetFixtures", swiftSettings: settings),
    .executableTarget(
      name: "training-step-benchmark", dependencies: ["Models", "NeuralNetworks", "Torch"], path: "Benchmarks/TrainingStep",
      swiftSettings: settings),
    .executableTarget(
      name: "checkpoint-reading-benchmark", dependencies: ["Weights", "Containers", "Torch"], path: "Benchmarks/CheckpointReading",
      swiftSettings: settings),
    .executableTarget(
      name: "dicom-decoding-benchmark", dependencies: ["Imaging"], path: "Benchmarks/DICOMDecoding", swiftSettings: settings),
    .executableTarget(
      name: "input-pipeline-benchmark", dependencies: ["Loading", "Datasets", "Studies", "Foundations"], path: "Benchmarks/InputPipeline",
      swiftSettings: settings),
    .executableTarget(
      name: "study-report-benchmark", dependencies: ["Reports", "RunStore", "Figures", "Metrics", "Studies", "Foundations"],
      path: "Benchmarks/StudyReport", swiftSettings: settings),
    // Studies whose label price is known, for the test of its interval and the larger table.
    .target(
      name: "LabelPriceSimulation", dependencies: ["Statistics", "Foundations"], path: "Benchmarks/LabelPrice/Simulation", swiftSettings: settings),
    .executableTarget(
      name: "label-price-simulation", dependencies: ["LabelPriceSimulation", "Statistics", "Foundations"],
      path: "Benchmarks/LabelPrice/Command", swiftSettings: settings),
    .executableTarget(
      name: "verdict-simulation", dependencies: ["Reports", "RunStore", "Statistics", "Metrics", "Studies", "Foundations"],
      path: "Benchmarks/Verdict", swiftSettings: settings),
    .executableTarget(
      name: "pretraining-steps-benchmark",
      dependencies: ["Execution", "Pretraining", "Training", "Models", "NeuralNetworks", "Torch", "Loading", "Phantoms", "Datasets", "Studies", "Foundations"],
      path: "Benchmarks/PretrainingSteps", swiftSettings: settings),
    .executableTarget(
      name: "probes-benchmark", dependencies: ["Execution", "Training", "Phantoms", "Studies", "Torch", "Foundations"], path: "Benchmarks/Probes",
      swiftSettings: settings),
    .executableTarget(
      name: "rank-simulation", dependencies: ["Statistics", "Foundations"], path: "Benchmarks/Ranks", swiftSettings: settings),
    .executableTarget(
      name: "side-by-side-benchmark", dependencies: ["Phantoms", "Foundations"], path: "Benchmarks/SideBySide", swiftSettings: settings),
    .executableTarget(
      name: "interval-coverage", dependencies: ["Reports", "Statistics", "Metrics", "Foundations"], path: "Benchmarks/IntervalCoverage",
      swiftSettings: settings),
    .executableTarget(
      name: "subgroup-simulation", dependencies: ["Reports", "RunStore", "Metrics", "Studies", "Foundations"], path: "Benchmarks/Subgroups",
      swiftSettings: settings),
    // The loader, the cache and requests to stop, for the thread sanitizer.
    .target(name: "SanitizedLocks", path: "Tools/SanitizedLocks", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .executableTarget(
      name: "loader-stress", dependencies: ["Loading", "Phantoms", "Datasets", "Studies", "Foundations", "SanitizedLocks"], path: "Tools/LoaderStress", swiftSettings: settings),
    .executableTarget(
      name: "listing-benchmark", dependencies: ["Datasets", "Inspection", "Studies", "Foundations"], path: "Benchmarks/Listing", swiftSettings: settings),
    .executableTarget(
      name: "check-benchmark", dependencies: ["Loading", "Datasets", "Inspection", "Imaging", "Studies", "Foundations"], path: "Benchmarks/Checking",
      swiftSettings: settings),
    .executableTarget(
      name: "figure-gallery", dependencies: ["Figures", "Reports", "Studies", "Foundations"], path: "Tools/FigureGallery", swiftSettings: settings),

    tests("Foundations", ["Foundations"]),
    tests("Torch", ["Torch", "ThreadedProcesses", "Foundations"]),
    tests("NeuralNetworks", ["NeuralNetworks", "Torch", "Foundations"]),
    tests("Models", ["Models", "Weights", "Containers", "Vocabulary", "NeuralNetworks", "Torch", "Foundations"]),
    tests("Imaging", ["Imaging", "FuzzHarness", "Foundations"]),
    tests("Containers", ["Containers", "CheckpointFixtures", "FuzzHarness", "CZlib", "Foundations"]),
    tests("Weights", ["Weights", "Containers", "Vocabulary", "CheckpointFixtures", "Foundations"]),
    tests("Studies", ["Studies", "Weights", "Containers", "Vocabulary", "Foundations"]),
    tests("Metrics", ["Metrics", "Foundations"]),
    tests("Probes", ["Probes", "Metrics", "Foundations"]),
    tests("Statistics", ["Statistics", "LabelPriceSimulation", "Foundations"]),
    tests("Figures", ["Figures", "Foundations"]),
    tests(
      "Datasets",
      ["Datasets", "Loading", "Phantoms", "Inspection", "FuzzHarness", "Imaging", "Studies", "Weights", "Containers", "Foundations", "PublishedCopies", "DatasetFixtures"]),
    tests("Loading", ["Loading", "Phantoms", "Datasets", "Imaging", "Studies", "Weights", "Foundations", "PublishedCopies", "DatasetFixtures"]),
    tests("Phantoms", ["Phantoms", "Datasets", "Imaging", "Studies", "Foundations", "DatasetFixtures"]),
    tests("Inspection", ["Inspection", "Loading", "Phantoms", "Datasets", "Imaging", "Studies", "Foundations", "PublishedCopies", "DatasetFixtures"]),
    tests(
      "Training",
      [
        "Training", "ThreadedProcesses", "Models", "NeuralNetworks", "Torch", "Weights", "Containers", "Vocabulary", "Loading", "Phantoms", "Datasets", "Metrics", "Studies",
        "Foundations",
      ]),
    tests(
      "Pretraining",
      ["Pretraining", "Training", "ThreadedProcesses", "Models", "NeuralNetworks", "Torch", "Phantoms", "Datasets", "Containers", "Vocabulary", "Studies", "Foundations"]),
    tests("RunStore", ["RunStore", "CDecimals", "Studies", "Metrics", "Foundations"]),
    tests("Reports", ["Reports", "RunStore", "Figures", "Statistics", "Metrics", "Studies", "Foundations"]),
    tests("Packs", ["Packs", "CArchive", "Reports", "RunStore", "Metrics", "Weights", "Containers", "Studies", "Foundations"]),
    tests("Architecture", []),
    tests(
      "EndToEnd",
      [
        "medtransfer", "Execution", "RunStore", "Training", "Torch", "Probes", "CheckpointFixtures", "Vocabulary", "Weights", "Containers", "Phantoms", "Datasets", "Imaging",
        "Studies",
        "Foundations", "PublishedCopies",
      ]),
  ]
)
