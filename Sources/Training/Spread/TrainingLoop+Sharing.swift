import Containers
import Foundation
import Foundations
public import Torch

extension TrainingLoop {
  /// What is said of a state before its tensors.
  private struct Header: Codable {
    struct Entry: Codable {
      let name: String
      let type: String
      let shape: [Int]
    }

    let progress: TrainingProgress<Kind.Progress>
    let entries: [Entry]
  }

  /// Makes the state of the first process that of all of them.
  ///
  /// - Throws: `TrainingError` of kind `otherProcessFailed` where the first one has none to share.
  func share(in group: ProcessGroup) throws {
    let own = group.isFirst ? try snapshot() : nil
    let said = try group.fromFirst(
      own.map { snapshot in
        let entries = snapshot.tensors.map { Header.Entry(name: $0.name, type: $0.elementType.rawValue, shape: $0.shape) }
        return try CanonicalJSON.encode(Header(progress: snapshot.progress, entries: entries))
      })
    guard !said.isEmpty else { throw TrainingError.otherProcessFailed() }
    let header = try JSONDecoder().decode(Header.self, from: said)
    var tensors: [NamedArray] = []
    for (index, entry) in header.entries.enumerated() {
      let bytes = try group.fromFirst(own?.tensors[index].bytes())
      guard !group.isFirst else { continue }
      guard let type = ElementType(rawValue: entry.type) else { throw TrainingError.snapshotMismatch("\(entry.name) has the type \(entry.type)") }
      tensors.append(try NamedArray(name: entry.name, elementType: type, shape: entry.shape, bytes: bytes))
    }
    if !group.isFirst { try restore(Snapshot(progress: header.progress, tensors: tensors)) }
  }

  /// Says that there is no state to share: the others give the training up.
  func shareNothing(in group: ProcessGroup) throws { _ = try group.fromFirst(Data()) }
}

extension ProcessGroup {
  /// Whether each number is the same in all processes: the sum of squares is that of equal numbers only where they are equal.
  func areSame(_ counts: [Int]) throws -> Bool {
    let values = counts.map { Double($0) }, sums = try sum(values + values.map { $0 * $0 }), many = Double(size)
    return counts.indices.allSatisfy { sums[$0] * sums[$0] == sums[counts.count + $0] * many }
  }

  /// What each process has of something, that of the first one first.
  func gather<Value: Codable>(_ own: [Value]) throws -> [Value] {
    let bytes = own.isEmpty ? Data() : try CanonicalJSON.encode(own)
    var lengths = [Double](repeating: 0, count: size)
    lengths[rank] = Double(bytes.count)
    let counts = try sum(lengths).map { Int($0) }
    if counts.reduce(0, +) == 0 { return [] }
    // Each fills its own stretch of zeros.
    var values = [Double](repeating: 0, count: counts.reduce(0, +))
    let begin = counts[..<rank].reduce(0, +)
    for (offset, byte) in bytes.enumerated() { values[begin + offset] = Double(byte) }
    values = try sum(values)
    var found: [Value] = [], place = 0
    for count in counts where count > 0 {
      found += try JSONDecoder().decode([Value].self, from: Data(values[place..<place + count].map { UInt8($0) }))
      place += count
    }
    return found
  }
}

extension Spread {
  /// Sees to it that all processes have the same values, bit for bit: each made the same steps of its own.
  public func requireSame(_ tensors: [(name: String, tensor: Tensor)], step: Int) throws {
    let hasher = Digest.Hasher()
    for (_, tensor) in tensors { hasher.update(try tensor.bytes()) }
    let own = hasher.finalizeHex(), first = try group.fromFirst(group.isFirst ? Data(own.utf8) : nil)
    if try group.any(Data(own.utf8) != first) { throw TrainingError.processesDiverged(afterStep: step) }
  }
}

extension TrainingError {
  static func otherProcessFailed() -> TrainingError {
    TrainingError(
      kind: .otherProcessFailed, problem: "The first process of the training could not go on.", remedy: "See what it said.")
  }

  static func processesDiverged(afterStep step: Int) -> TrainingError {
    TrainingError(
      kind: .processesDiverged, problem: "After step \(step) the processes of the training do not have the same weights.",
      remedy: "Start them on machines of one kind, with the same program and libtorch; then run the same command again.")
  }

  static func batchesDiffer(step: Int) -> TrainingError {
    TrainingError(
      kind: .processesDiverged, problem: "In step \(step) the processes of the training do not have the same number of images in a batch.",
      remedy: "See to it that all of them can read all images; then run the same command again.")
  }
}

/// An error that may be of a training as a whole.
public protocol SharedFailure: Error {
  /// Whether all processes of a training meet it at the same moment, so that each can go on to what comes next.
  var isMetByAll: Bool { get }
}

extension TrainingError: SharedFailure {
  public var isMetByAll: Bool {
    switch kind {
    case .interrupted, .lossNotFinite, .nothingToTrainOn, .singleImageBatch, .tooManyBrokenFiles, .otherProcessFailed, .processesDiverged: true
    case .noSuchDevice, .noSuchClass, .snapshotMismatch, .unknownLayer: false
    }
  }
}
