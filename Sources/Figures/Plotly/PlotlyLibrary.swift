public import Foundation
internal import Foundations

/// plotly.js, which a page carries so that it works alone.
public struct PlotlyLibrary: Sendable {
  /// The file's first comment, which names version and license.
  public let banner: String
  /// The code, ready for a script element.
  let script: String

  /// - Throws: `FiguresError` for a file that is not plotly.js.
  public init(file: URL) throws {
    let text: String
    do {
      text = try TextFile.read(file)
    } catch {
      throw FiguresError.plotlyUnreadable(path: file.path, reason: sentence(for: error))
    }
    guard let end = text.range(of: "*/"), text[..<end.lowerBound].contains("plotly.js") else {
      throw FiguresError.plotlyUnreadable(path: file.path, reason: "it does not begin with plotly.js's own comment")
    }
    banner = text[..<end.lowerBound].split(separator: "\n").map { String($0.drop { "/* ".contains($0) }).trimmingBlanks }.filter {
      !$0.isEmpty
    }
    .joined(separator: " · ")
    // In JavaScript's strings `\/` is `/`, so this changes nothing but what an HTML parser would take for the end.
    script = text.contains("</script") ? text.replacingOccurrences(of: "</script", with: "<\\/script") : text
  }

  /// The library that the set-up brought.
  ///
  /// Looked for in this order: the file or folder that MEDTRANSFER_PLOTLY names; beside the program, and in `share/medtransfer`
  /// next to its folder; in `.deps/plotly` of the folders above the program, links resolved, which is where Scripts/setup puts it.
  ///
  /// - Throws: `FiguresError` where there is none.
  public static func installed(
    environment: [String: String] = ProcessInfo.processInfo.environment, executable: URL? = Bundle.main.executableURL
  ) throws -> PlotlyLibrary {
    let places = candidates(environment: environment, executable: executable)
    guard let file = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
      throw FiguresError.plotlyMissing(searched: places.isEmpty ? ["MEDTRANSFER_PLOTLY"] : summary(places))
    }
    return try PlotlyLibrary(file: file)
  }

  static func candidates(environment: [String: String], executable: URL?) -> [URL] {
    if let named = environment["MEDTRANSFER_PLOTLY"], !named.isEmpty {
      let url = URL(fileURLWithPath: named)
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      return [isThere && isFolder.boolValue ? url.appendingPathComponent(fileName) : url]
    }
    guard let executable else { return [] }
    var folder = executable.resolvingSymlinksInPath().deletingLastPathComponent()
    var places = [
      folder.appendingPathComponent(fileName),
      folder.deletingLastPathComponent().appendingPathComponent("share/medtransfer/\(fileName)"),
    ]
    while folder.path != "/" {
      places.append(folder.appendingPathComponent(".deps/plotly/\(fileName)"))
      folder.deleteLastPathComponent()
    }
    return places
  }

  /// The first places and how many more there are: an error is one sentence.
  private static func summary(_ places: [URL]) -> [String] {
    let first = places.prefix(2).map(\.path)
    return places.count > 2 ? first + [".deps/plotly in the folders above"] : first
  }

  static let fileName = "plotly.min.js"
}
