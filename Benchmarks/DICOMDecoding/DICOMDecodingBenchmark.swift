import Foundation
import Imaging

/// The MedTransfer side of `make benchmark-dicom`: answers each path with the transfer syntax and the seconds of opening the file and
/// decoding its first frame to stored samples, the median of several, or with the reason for which there are none.
@main
struct DICOMDecodingBenchmark {
  struct Answer: Encodable {
    var seconds: [Double] = []
    var sha256: String?
    var refused: String?
  }

  static func main() throws {
    while let line = readLine() {
      let words = line.split(separator: "\t").map(String.init)
      guard words.count == 2, let passes = Int(words[0]) else { continue }
      var answer = Answer()
      do {
        for _ in 0..<passes {
          let start = DispatchTime.now().uptimeNanoseconds
          let samples = try DICOMFile.open(URL(fileURLWithPath: words[1])).frame(0)
          answer.seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
          if answer.sha256 == nil { answer.sha256 = samples.sha256Hex }
        }
      } catch {
        answer = Answer(refused: "\(error)")
      }
      FileHandle.standardOutput.write(try JSONEncoder().encode(answer) + Data("\n".utf8))
    }
  }
}
