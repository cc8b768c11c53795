internal import Foundation

extension RunDirectory {
  /// The epoch of the last whole line of the history, or nil when there is none: how far a run in work is.
  ///
  /// Only the end of the file is read, since a history has one line a step.
  public func lastEpoch() -> Int? {
    struct Line: Decodable { let epoch: Int }
    guard let handle = try? FileHandle(forReadingFrom: historyFile) else { return nil }
    defer { try? handle.close() }
    guard let length = try? handle.seekToEnd() else { return nil }
    let tail = min(length, 4096)
    guard (try? handle.seek(toOffset: length - tail)) != nil, let bytes = try? handle.readToEnd() else { return nil }
    // A process that writes just now may have written a part of the last line.
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    return lines.reversed().lazy.compactMap { try? JSONDecoder().decode(Line.self, from: Data($0)).epoch }.first
  }
}
