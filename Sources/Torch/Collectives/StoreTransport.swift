internal import CTorch
internal import Foundation
internal import Foundations
internal import Synchronization

/// The processes that meet at a store on the network: c10d's, which the first process serves, or `torchrun`.
///
/// The first process adds what the others bring, in their order, and hands the sum out. That is exact and wants nothing installed; MPI is faster.
public final class StoreTransport: CollectiveTransport {
  /// Where the store is, and which of how many processes this one is.
  public struct Address: Sendable, Equatable {
    public let host: String
    public let port: Int
    /// Whether another program serves the store: torchrun's agent.
    public let isServedElsewhere: Bool
    /// What tells this start of the processes from others at the same store.
    public let attempt: String

    public init(host: String, port: Int, isServedElsewhere: Bool = false, attempt: String = "0") {
      (self.host, self.port, self.isServedElsewhere, self.attempt) = (host, port, isServedElsewhere, attempt)
    }
  }

  private struct State {
    /// Of the exchange that is next.
    var number = 0
    /// What lies in the store and may not have been read by all.
    var lying: [String] = []
  }

  // Unsafe by type alone, since it is a C pointer: it never changes, c10d's client takes a lock of its own in each call (the prefix before its keys has no
  // state), and it is closed in `deinit`, when nobody can call any more.
  nonisolated(unsafe) private let store: ct_store
  private let rank: Int
  private let size: Int
  private let state = Mutex(State())

  /// Joins the others.
  ///
  /// - Parameter patience: seconds that the store is waited for.
  /// - Throws: `TorchError` of kind `collectiveFailed` where the store cannot be served or is not there.
  public init(_ address: Address, rank: Int, size: Int, patience: Int = 300) throws {
    var made: ct_store?
    let isServer = rank == 0 && !address.isServedElsewhere, prefix = "medtransfer/\(address.attempt)"
    let status = ct_store_open(address.host, Int32(address.port), isServer, Int64(patience), prefix, &made)
    guard status == CT_OK, let made else {
      throw TorchError.noStore(address, TorchError.last(status, in: "the store").problem, isServer: isServer)
    }
    (store, self.rank, self.size) = (made, rank, size)
  }

  deinit { ct_store_close(store) }

  // MARK: - Exchanges

  /// The most bytes of a value; the store refuses those of 8 MiB.
  private static let mostBytes = 4 << 20

  public func sum(_ values: UnsafeMutableRawPointer, count: Int, isDouble: Bool) throws {
    let width = isDouble ? 8 : 4, most = Self.mostBytes / width
    for begin in stride(from: 0, to: count, by: most) {
      let part = UnsafeMutableRawBufferPointer(start: values + begin * width, count: min(most, count - begin) * width)
      let key = nextKey()
      guard rank == 0 else {
        try set("\(key)/\(rank)", part)
        try get(key, into: part)
        continue
      }
      try withUnsafeTemporaryAllocation(byteCount: part.count, alignment: 8) { other in
        for rank in 1..<size {
          try get("\(key)/\(rank)", into: other)
          if isDouble { Self.add(other, to: part, Double.self) } else { Self.add(other, to: part, Float.self) }
          try delete("\(key)/\(rank)")
        }
      }
      // Whoever brought something to this exchange has read what the former ones gave.
      for old in state.withLock({ state in
        defer { state.lying = [] }
        return state.lying
      }) { try delete(old) }
      try give(key, part)
    }
  }

  private static func add<Number: FloatingPoint>(_ other: UnsafeMutableRawBufferPointer, to values: UnsafeMutableRawBufferPointer, _: Number.Type) {
    let sums = values.bindMemory(to: Number.self), terms = other.bindMemory(to: Number.self)
    for index in sums.indices { sums[index] += terms[index] }
  }

  public func copyFromFirst(_ bytes: UnsafeMutableRawBufferPointer) throws {
    for begin in stride(from: 0, to: bytes.count, by: Self.mostBytes) {
      let part = UnsafeMutableRawBufferPointer(rebasing: bytes[begin..<min(begin + Self.mostBytes, bytes.count)]), key = nextKey()
      if rank == 0 { try give(key, part) } else { try get(key, into: part) }
    }
  }

  /// The first process serves the others until they have read all.
  public func leave() {
    var mark: UInt8 = 1
    withUnsafeMutableBytes(of: &mark) { bytes in
      guard rank == 0 else { return (try? set("left/\(rank)", bytes)) ?? () }
      for other in 1..<max(size, 1) { try? get("left/\(other)", into: bytes, seconds: 60) }
    }
  }

  /// The others find it written when they wait the next time. Whoever started the processes ends those that do not wait.
  public func endAll(status _: Int32) {
    var mark: UInt8 = 1
    withUnsafeMutableBytes(of: &mark) { try? set("ended", $0) }
  }

  // MARK: - The store

  private func nextKey() -> String {
    state.withLock { state in
      state.number += 1
      return String(state.number)
    }
  }

  private func give(_ key: String, _ bytes: UnsafeMutableRawBufferPointer) throws {
    try set(key, bytes)
    state.withLock { $0.lying.append(key) }
  }

  private func set(_ key: String, _ bytes: UnsafeMutableRawBufferPointer) throws {
    try called(ct_store_set(store, key, bytes.baseAddress, Int64(bytes.count)))
  }

  private func delete(_ key: String) throws { try called(ct_store_delete(store, key)) }

  /// Waits for a value.
  ///
  /// - Parameter seconds: at most; nil for as long as the others are at it.
  private func get(_ key: String, into bytes: UnsafeMutableRawBufferPointer, seconds: Int? = nil) throws {
    var isThere = false, rounds = 0
    while true {
      try called(ct_store_get(store, key, bytes.baseAddress, Int64(bytes.count), 1000, &isThere))
      if isThere { return }
      rounds += 1
      if let seconds, rounds >= seconds { throw TorchError.othersAreSilent() }
      var hasEnded = false
      try called(ct_store_has(store, "ended", &hasEnded))
      if hasEnded { throw TorchError.collectiveFailed("one of them has ended all") }
      if StopRequest.isOlder(than: MPITransport.patience) { throw TorchError.othersAreSilent() }
    }
  }

  private func called(_ status: ct_status) throws {
    if status != CT_OK { throw TorchError.collectiveFailed(TorchError.last(status, in: "the store").problem) }
  }
}

extension TorchError {
  static func noStore(_ address: StoreTransport.Address, _ reason: String, isServer: Bool) -> TorchError {
    TorchError(
      .collectiveFailed,
      problem: "The processes of the training cannot meet at \(address.host):\(address.port), \(isServer ? "which this one was to serve" : "where nobody answered"): \(reason)",
      remedy: "Name another place in MASTER_ADDR and MASTER_PORT, the same for all: the first process’s machine and a free port of it.")
  }
}
