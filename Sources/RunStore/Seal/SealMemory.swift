internal import Foundation
internal import Foundations

/// What a run's files looked like when their bytes were last compared with the seal, in the file `.seal-seen` beside them.
///
/// It spares reading them again: a report of ten thousand runs asks the system for a signature a file instead. It vouches for nothing
/// by itself. A signature that is another, as in a folder that was copied, leads to reading the file, and a memory that is lost to
/// reading all of them.
struct SealMemory: Equatable {
  static let fileName = ".seal-seen"

  /// The SHA-256 of the `seal.json` that was compared with.
  var seal: String
  /// As the seal has them: of the trained weights, and of the weights that the run started from.
  var weights: String?
  var source: String?
  /// By path; the seal itself is one of the files.
  var signatures: [(path: String, signature: FileSignature)] = []

  static func == (left: SealMemory, right: SealMemory) -> Bool { left.text == right.text }

  /// A line with the digests, a line a file (inode, size, modified, changed, path), and a checksum of these lines.
  var text: String {
    let lines = (["\(seal) \(weights ?? "-") \(source ?? "-")"] + signatures.map { "\($0.signature.words) \($0.path)" }).joined(separator: "\n") + "\n"
    return lines + Self.checksum(lines) + "\n"
  }

  private static func checksum(_ text: some StringProtocol) -> String { String(Digest.sha256Hex(of: String(text)).prefix(16)) }

  init(seal: String, weights: String?, source: String?) { (self.seal, self.weights, self.source) = (seal, weights, source) }

  /// nil for what is no memory, or is not as it was written.
  init?(_ data: Data) {
    let text = String(decoding: data, as: UTF8.self)
    var lines = text.split(separator: "\n")[...]
    guard let checksum = lines.popLast(), let head = lines.popFirst()?.split(separator: " "), head.count == 3,
      Self.checksum(text.dropLast(checksum.count + 1)) == checksum
    else { return nil }
    self.init(seal: String(head[0]), weights: head[1] == "-" ? nil : String(head[1]), source: head[2] == "-" ? nil : String(head[2]))
    for line in lines {
      let words = line.split(separator: " ", maxSplits: 4)
      guard words.count == 5, let signature = FileSignature(words[0..<4]) else { return nil }
      signatures.append((String(words[4]), signature))
    }
  }

  func signature(of path: String) -> FileSignature? { signatures.first { $0.path == path }?.signature }
}
