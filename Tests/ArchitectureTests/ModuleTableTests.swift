import Foundation
import Testing

/// Who may import whom: what `Package.swift` says of the targets in Sources. There is no second table.
let moduleTable: [String: Set<String>] = {
  let manifest = sources.deletingLastPathComponent().appendingPathComponent("Package.swift")
  guard let text = try? String(contentsOf: manifest, encoding: .utf8) else { return [:] }
  return dependencies(inManifest: text)
}()

/// The targets of a manifest that lie in Sources, with their dependencies: `module("Name", [...])`, `.target(name: "Name", ...)`,
/// `.executableTarget(name: "Name", ...)` without a path of their own, and `.systemLibrary`.
func dependencies(inManifest text: String) -> [String: Set<String>] {
  var table: [String: Set<String>] = [:]
  for start in ["    module(", "    .target(", "    .executableTarget(", "    .systemLibrary("] {
    for piece in text.components(separatedBy: "\n" + start).dropFirst() {
      // A declaration ends where the next one begins, at the same indentation.
      let lines = piece.split(separator: "\n", omittingEmptySubsequences: false)
      let end = lines.dropFirst().firstIndex { $0.hasPrefix("    ") && !$0.hasPrefix("     ") } ?? lines.endIndex
      let declaration = lines[..<end].joined(separator: "\n")
      guard !declaration.contains("path:") else { continue }
      let names = declaration.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
      guard let name = names.first else { continue }
      let products = declaration.components(separatedBy: "package: \"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
      table[name] = Set(names.dropFirst()).subtracting(products)
    }
  }
  return table
}

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
  @Test("Every folder of Sources is a target of Package.swift, and every target without a path is a folder")
  func tableIsComplete() throws {
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: sources.path)) == Set(moduleTable.keys))
  }

  @Test("The table is read from a manifest as it is written")
  func readsManifests() {
    let table = dependencies(
      inManifest: """
        let package = Package(
          targets: [
            .systemLibrary(name: "CZlib"),
            module("Foundations", ["CZlib"]),
            module(
              "Reports",
              [
                "Foundations", "Figures",
              ]),
            .target(name: "CTorch", cxxSettings: torchCompiling),
            .executableTarget(
              name: "tool",
              dependencies: ["Reports", .product(name: "ArgumentParser", package: "swift-argument-parser")], swiftSettings: settings),
            .executableTarget(name: "fuzz", dependencies: ["Reports"], path: "Fuzzing"),
        """)
    #expect(
      table == [
        "CZlib": [], "Foundations": ["CZlib"], "Reports": ["Foundations", "Figures"], "CTorch": [], "tool": ["Reports", "ArgumentParser"],
      ])
  }

  @Test("Documentation/architecture.md has a line for every module, and lets it import what Package.swift does")
  func documentation() throws {
    let page = try String(
      contentsOf: sources.deletingLastPathComponent().appendingPathComponent("Documentation/architecture.md"), encoding: .utf8)
    var lines: [String: String] = [:]
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      lines[cells[0].split(separator: "`").first.map(String.init) ?? ""] = cells[1]
    }
    for (module, imported) in moduleTable where !module.hasPrefix("C") || module.dropFirst().first?.isUppercase != true {
      let cell = try #require(lines[module], "\(module) has no line")
      guard module != "medtransfer" else { continue }
      let words = Set(cell.split { !$0.isLetter && !$0.isNumber }.map(String.init))
      let missing = imported.subtracting(words)
      #expect(missing.isEmpty, "\(module): the page does not name \(missing.sorted())")
    }
  }

  @Test("A module imports only what the table lets it", arguments: moduleTable.keys.sorted())
  func importsAreAllowed(module: String) throws {
    // Downloads of weights are all that reaches for a network.
    let allowed = try #require(moduleTable[module]).union(openToAll).union(module == "Weights" ? ["FoundationNetworking"] : [])
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

  @Test("What reads results needs no libtorch", arguments: ["Metrics", "Probes", "Statistics", "Figures", "Studies", "Containers", "Weights", "RunStore", "Reports", "Packs"])
  func withoutLibtorch(module: String) {
    var reached: Set<String> = [], open = [module]
    while let next = open.popLast() {
      guard reached.insert(next).inserted else { continue }
      open += moduleTable[next] ?? []
    }
    #expect(!reached.contains("CTorch"))
  }

  @Test(
    "Each third-party package and C library has exactly one importer",
    arguments: ["Yams", "ArgumentParser", "CTorch", "CImageCodecs", "CImageKernels", "CHDF5", "CDistributions", "CDecimals", "CCrypto", "CProcess", "CDeflate", "CArchive"])
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

  @Test("No folder of Sources has more than 16 Swift files at its root")
  func folderSizes() {
    let folders = Dictionary(grouping: swiftFiles(below: sources).map(\.path)) { ($0 as NSString).deletingLastPathComponent }
    for (folder, files) in folders { #expect(files.count <= 16, "\(folder) has \(files.count)") }
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
