import Foundations
import Synchronization

/// Opens images and keeps their signatures, on all processors.
enum SignatureReader {
  /// - Parameter progress: is told how many images are done, from any thread, one call at a time.
  /// - Returns: one signature or one sentence a sample, in their order.
  /// - Throws: The error of a file that the system does not give.
  package static func read(_ samples: [Sample], progress: @Sendable (Int) -> Void) throws -> [Result<ImageSignature, UnreadableImage>] {
    let results = Mutex<(found: [Int: Result<ImageSignature, UnreadableImage>], faults: [Int: any Error])>(([:], [:])), hurry = Hurry()
    concurrentPerform(samples.count) { index in
      let sample = samples[index]
      var fault: (any Error)?
      let result: Result<ImageSignature, UnreadableImage>
      do {
        result = .success(try ImageSignature(hurry.patiently { try sample.image.read() }))
      } catch {
        if SystemFault.isFault(error) { fault = error }
        result = .failure(UnreadableImage(id: sample.id, reason: sentence(for: error)))
      }
      results.withLock { state in
        state.found[index] = result
        state.faults[index] = fault
        progress(state.found.count)
      }
    }
    return try results.withLock { state in
      if let fault = state.faults.min(by: { $0.key < $1.key }) { throw fault.value }
      return samples.indices.compactMap { state.found[$0] }
    }
  }
}

/// An image that an audit could not open.
public struct UnreadableImage: Error, Codable, Hashable, Sendable {
  public let id: String
  public let reason: String
}
