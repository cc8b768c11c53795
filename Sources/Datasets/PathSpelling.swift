import Foundation

/// Ways in which a table spells paths that its files do not have: found by trying the other spelling.
enum PathSpelling {
  private struct Spelling: Sendable {
    /// What the path would be; the same where this way is not meant.
    let corrected: @Sendable (String) -> String
    /// What is to be done, in the imperative.
    let remedy: String
  }

  private static let all: [Spelling] = [
    Spelling(corrected: { $0.replacingOccurrences(of: "\\", with: "/") }, remedy: "Write / for \\ in the table's paths."),
    Spelling(
      corrected: { path in path.hasPrefix("file://") ? URL(string: path)?.path ?? path : path },
      remedy: "Take file:// out of the table's paths, or name it under `removedPathPrefixes`."),
    Spelling(
      corrected: { path in path.withoutPathEnding + "." + path.pathEnding.lowercased() },
      remedy: "Write the endings in the table in small letters, as the files have them."),
    Spelling(
      corrected: { path in path.withoutPathEnding + "." + path.pathEnding.uppercased() },
      remedy: "Write the endings in the table in capitals, as the files have them."),
    Spelling(
      corrected: { $0.hasPrefix("/") ? $0 : $0.lastPathPart },
      remedy: "Name under `removedPathPrefixes` what stands before the files' names, or correct `imageRoot`."),
    Spelling(
      corrected: { $0.contains("\\") ? $0.replacingOccurrences(of: "\\", with: "/").lastPathPart : $0 },
      remedy: "Write / for \\ in the table's paths, and take what stands before the files' names out of them."),
    Spelling(corrected: { $0.lowercased() }, remedy: "Write the table's paths in small letters, as the files have them."),
    Spelling(corrected: { $0.uppercased() }, remedy: "Write the table's paths in capitals, as the files have them."),
    Spelling(corrected: { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\"`")) }, remedy: "Take the quotation marks out of the table's paths."),
    Spelling(corrected: { $0.precomposedStringWithCanonicalMapping }, remedy: decomposed),
    Spelling(corrected: { $0.decomposedStringWithCanonicalMapping }, remedy: decomposed),
    Spelling(corrected: { $0.removingPercentEncoding ?? $0 }, remedy: "Write the table's paths without percent signs for characters."),
  ]

  private static let decomposed =
    "The files' names have their accents written otherwise than the table (Unicode's two ways, of which macOS stores the longer): rename the files, as with `convmv -f utf8 -t utf8 --nfc`."

  /// What to do about paths that lead nowhere; nil where no other spelling leads to a file either.
  static func remedy(for missing: [String], isThere: (String) throws -> Bool) rethrows -> String? {
    let probes = missing.prefix(20)
    return try all.first { spelling in
      try probes.allSatisfy { path in
        let other = spelling.corrected(path)
        // Not as texts, of which two ways to write an accent are one.
        return try !other.utf8.elementsEqual(path.utf8) && isThere(other)
      }
    }?.remedy
  }
}
