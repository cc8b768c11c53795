import Foundations
import Synchronization

/// Opens images and keeps their signatures, on all processors.
enum SignatureReader {
  /// - Parameter progress: is told how many images are done, from any thread, one call at a time.
  /// - Returns: one signature or one sentence a sample, in their order.
  static func read(_ samples: [Sample], progress: @Sendable (Int) -> Void) -> [Result<ImageSignature, UnreadableImage>] {
    let results = Mutex<(found: [Int: Result<ImageSignature, UnreadableImage>], next: Int)>(([:], 0))
    concurrentPerform(samples.count) { index in
      let sample = samples[index]
      let result: Result<ImageSignature, UnreadableImage>
      do {
        result = .success(try ImageSignature(sample.image.read()))
      } catch {
        result = .failure(UnreadableImage(id: sample.id, reason: sentence(for: error)))
      }
      results.withLock { state in
        state.found[index] = result
        progress(state.found.count)
      }
    }
    return results.withLock { state in samples.indices.compactMap { state.found[$0] } }
  }
}

/// An image that an audit could not open.
public struct UnreadableImage: Error, Codable, Hashable, Sendable {
  public let id: String
  public let reason: String
}
