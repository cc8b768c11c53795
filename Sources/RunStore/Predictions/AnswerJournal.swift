public import Foundation
internal import Foundations

/// What an evaluation that takes long has answered so far, so that a process that goes on need not ask again.
///
/// A file of lines: what the evaluation is of, then one line a batch, each behind the first 16 digits of its SHA-256. A line that was cut
/// or damaged ends what is used, and the rest is asked again; so nothing is synced, and a journal that cannot be written costs time and
/// nothing else. Only the holder of the run's lease may have one.
public final class AnswerJournal {
  private let url: URL
  private var descriptor: Int32 = -1

  public init(url: URL) { self.url = url }

  deinit { close() }

  /// Opens the journal for an evaluation.
  ///
  /// - Parameter subject: what the evaluation is of. A journal of another is begun anew.
  /// - Returns: what was answered of it before, from its beginning.
  public func open<Subject: Codable & Equatable, Answer: Codable>(for subject: Subject, _: Answer.Type) -> [Answer] {
    close()
    var length = 0, answers: [Answer] = []
    let bytes = (try? Data(contentsOf: url)) ?? Data()
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().enumerated() {
      guard let json = Self.checked(line) else { break }
      if number == 0 {
        guard (try? Self.decoder.decode(Subject.self, from: json)) == subject else { break }
      } else {
        guard let answer = try? Self.decoder.decode(Answer.self, from: json) else { break }
        answers.append(answer)
      }
      length += line.count + 1
    }
    if (try? WriteGuard.check(url)) == nil { return answers }
    descriptor = Foundation.open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    if descriptor >= 0, ftruncate(descriptor, off_t(length)) != 0 { close() }
    if length == 0 { append(subject) }
    return answers
  }

  /// Keeps one more answer.
  public func append(_ value: some Encodable) {
    guard descriptor >= 0, let json = try? Self.encoder.encode(value), (try? WriteGuard.check(url, isThorough: false)) != nil else { return }
    var rest = (Data(Self.checksum(json).utf8) + Data(" ".utf8) + json + Data("\n".utf8))[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      // What cannot be kept is asked again.
      guard count >= 0 else { return close() }
      rest = rest.dropFirst(count)
    }
  }

  public func close() {
    if descriptor >= 0 { Foundation.close(descriptor) }
    descriptor = -1
  }

  private static func checked(_ line: Data) -> Data? {
    guard line.count > 17, line[line.startIndex + 16] == UInt8(ascii: " ") else { return nil }
    let json = Data(line.dropFirst(17))
    return checksum(json).utf8.elementsEqual(line.prefix(16)) ? json : nil
  }

  private static func checksum(_ json: Data) -> String { String(Digest.sha256Hex(of: json).prefix(16)) }

  private static let encoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }()

  private static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }()
}

extension RunDirectory {
  static let answerPrefix = "answers-"

  /// What an interrupted evaluation has answered of a part of the data: `validation` or `test`.
  public func answers(part: String) -> AnswerJournal {
    AnswerJournal(url: url.appendingPathComponent("\(Self.answerPrefix)\(part).jsonl"))
  }

  /// Removes the journals of evaluations: a finished run needs none.
  public func removeAnswers() throws {
    try WriteGuard.check(url)
    for name in try FolderListing.names(in: url.path) where name.hasPrefix(Self.answerPrefix) && name.hasSuffix(".jsonl") {
      unlink(url.appendingPathComponent(name).path)
    }
  }
}
