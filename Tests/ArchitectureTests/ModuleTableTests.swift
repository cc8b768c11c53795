import Foundation
import Testing

/// Who may import whom: the module table of Documentation/architecture.md, as data.
///
/// `Foundation`, the platform's C library, `Dispatch` and `Synchronization` are open to all.
let moduleTable: [String: Set<String>] = [
  "Foundations": ["CZlib", "CCrypto"],
  "CTorch": [],
  "CHDF5": [],
  "CImageCodecs": [],
  "CImageKernels": [],
  "Torch": ["CTorch", "Foundations"],
  "NeuralNetworks": ["Torch", "Foundations"],
  "Imaging": ["CImageCodecs", "CImageKernels", "Foundations"],
  "Checkpoints": ["CDeflate", "CHDF5", "CZlib", "FoundationNetworking", "Foundations"],
  "Studies": ["Checkpoints", "Foundations", "Yams"],
  "Metrics": ["Foundations"],
  "CDistributions": [],
  "Statistics": ["CDistributions", "Foundations"],
  "Figures": ["Foundations"],
  "Models": ["NeuralNetworks", "Checkpoints", "Torch", "Foundations"],
  "Datasets": ["Imaging", "Studies", "Checkpoints", "Foundations"],
  "Training": ["Models", "NeuralNetworks", "Torch", "Checkpoints", "Datasets", "Metrics", "Studies", "Foundations"],
  "CDecimals": [],
  "RunStore": ["CDecimals", "Studies", "Metrics", "Foundations"],
  "Reports": ["RunStore", "Figures", "Statistics", "Metrics", "Checkpoints", "Studies", "Foundations"],
  "Packs": ["CArchive", "Reports", "RunStore", "Figures", "Metrics", "Checkpoints", "Studies", "Foundations"],
  "Execution": [
    "Training", "RunStore", "Datasets", "Imaging", "Checkpoints", "Models", "NeuralNetworks", "Torch", "Metrics", "Studies",
    "Foundations",
  ],
  "medtransfer": [
    "Execution", "Packs", "Reports", "RunStore", "Figures", "Datasets", "Imaging", "Checkpoints", "Studies", "Training", "Torch", "Metrics",
    "Foundations", "ArgumentParser",
  ],
]

let openToAll: Set<String> = ["Foundation", "Glibc", "Darwin", "Dispatch", "Synchronization"]

let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Sources")

/// Every Swift file of a folder, with its text.
func swiftFiles(below folder: URL) -> [(path: String, text: String)] {
  guard let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
  return walker.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.compactMap { url in
    (try? String(contentsOf: url, encoding: .utf8)).map { (url.path.replacingOccurrences(of: folder.path + "/", with: ""), $0) }
  }
}

/// The modules that a file's import lines name.
func imports(in text: String) -> Set<String> {
  Set(
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let position = words.firstIndex(of: "import"), position <= 2, position + 1 < words.count else { return nil }
      guard words[..<position].allSatisfy({ ["public", "internal", "package", "private", "@testable", "@preconcurrency"].contains($0) })
      else { return nil }
      return String(words[position + 1].prefix { $0 != "." })
    })
}

@Suite("The module table holds")
struct ModuleTableTests {
  @Test("Every module of Sources is in the table, and every line of the table is a module")
  func tableIsComplete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { !["CZlib", "CCrypto", "CDeflate", "CArchive"].contains($0) }
    #expect(Set(folders) == Set(moduleTable.keys))
  }

  @Test("A module imports only what the table lets it", arguments: moduleTable.keys.sorted())
  func importsAreAllowed(module: String) throws {
    let allowed = try #require(moduleTable[module]).union(openToAll)
    for (path, text) in swiftFiles(below: sources.appendingPathComponent(module)) {
      let surplus = imports(in: text).subtracting(allowed)
      #expect(surplus.isEmpty, "\(module)/\(path) imports \(surplus.sorted())")
    }
  }

  @Test("There is no cycle: the modules can be put in an order")
  func noCycle() {
    var left = moduleTable.mapValues { $0.intersection(moduleTable.keys) }
    while let (module, _) = left.first(where: { $0.value.isEmpty }) {
      left[module] = nil
      for key in left.keys { left[key]?.remove(module) }
    }
    #expect(left.isEmpty)
  }

  @Test("What reads results needs no libtorch", arguments: ["Metrics", "Statistics", "Figures", "Studies", "Checkpoints", "RunStore", "Reports", "Packs"])
  func withoutLibtorch(module: String) {
    var reached: Set<String> = [], open = [module]
    while let next = open.popLast() {
      guard reached.insert(next).inserted else { continue }
      open += moduleTable[next] ?? []
    }
    #expect(!reached.contains("CTorch"))
  }

  @Test("Each third-party package and C library has exactly one importer", arguments: ["Yams", "ArgumentParser", "CTorch", "CImageCodecs", "CImageKernels", "CHDF5", "CDistributions", "CDecimals", "CCrypto", "CDeflate", "CArchive"])
  func oneImporter(package: String) {
    let importers = moduleTable.keys.filter { module in
      swiftFiles(below: sources.appendingPathComponent(module)).contains { imports(in: $0.text).contains(package) }
    }
    #expect(importers.count == 1)
  }
}

@Suite("The style holds")
struct StyleTests {
  @Test("No Swift file passes 600 lines")
  func fileLength() {
    for (path, text) in swiftFiles(below: sources) {
      let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(count <= 600, "\(path) has \(count) lines")
    }
  }

  @Test("Libraries neither crash on purpose nor hide failures", arguments: ["try!", "fatalError(", " as! ", "preconditionFailure("])
  func noCrashes(word: String) {
    for (path, text) in swiftFiles(below: sources) { #expect(!text.contains(word), "\(path) has \(word)") }
  }

  @Test("Only Torch and Imaging declare @unchecked Sendable")
  func uncheckedSendable() {
    for module in moduleTable.keys where !["Torch", "Imaging"].contains(module) {
      for (path, text) in swiftFiles(below: sources.appendingPathComponent(module)) {
        #expect(!text.contains("@unchecked Sendable"), "\(module)/\(path)")
      }
    }
  }

  @Test("No file is called Utils, Helpers, Common or Manager")
  func fileNames() {
    for (path, _) in swiftFiles(below: sources) {
      for word in ["Utils", "Helper", "Common", "Manager"] { #expect(!path.contains(word), "\(path)") }
    }
  }
}
