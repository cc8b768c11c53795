package import Foundation

/// Small files in the formats in which publishers give theirs, written from their definitions.
package enum PublisherFiles {
  /// A radiograph of JSRT: 2048 × 2048 samples of 12 bits, high byte first.
  package static let jsrt: Data = {
    var row = [UInt8]()
    for x in 0..<2048 { row += [UInt8(x >> 8), UInt8(x & 255)] }
    var file = Data(capacity: 2 * 2048 * 2048)
    for _ in 0..<2048 { file.append(contentsOf: row) }
    return file
  }()

  /// A NIfTI-1 volume of bytes whose axes run to the patient's left, front and top, so that slices are seen as they are stored.
  package static func nifti(_ side: Int, slices: Int, value: (_ x: Int, _ y: Int, _ z: Int) -> UInt8) -> Data {
    var header = Data(count: 352)
    func put(_ data: Data, at place: Int) { header.replaceSubrange(place..<place + data.count, with: data) }
    func real(_ value: Float) -> Data { Data.long(Int(value.bitPattern)) }
    put(Data.long(348), at: 0)
    put(Data.words(3, side, side, slices, 1, 1, 1, 1), at: 40)
    put(Data.words(2, 8), at: 70)
    put([1, 1, 1, 1, 0, 0, 0, 0].reduce(Data()) { $0 + real($1) }, at: 76)
    put(real(352), at: 108)
    put(real(1), at: 112)
    put(Data.words(0, 1), at: 252)
    put([-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0].reduce(Data()) { $0 + real($1) }, at: 280)
    put(Data("n+1\0".utf8), at: 344)
    var voxels = Data()
    for z in 0..<slices { for y in 0..<side { for x in 0..<side { voxels.append(value(x, y, z)) } } }
    return header + voxels
  }

  /// 16 × 16 pixels, (13 x + 7 y) mod 256, as Pillow 11.3.0 writes them at quality 50.
  package static let jpeg =
    Data(
      base64Encoded: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/\
        wAALCAAQABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEI\
        I0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip\
        qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AMLSbT7vFdppNp93isfSbT7vFamv3/8AY+hN5Tbbq4/d\
        RYOCM/ebqDwO46ErX//Z
        """) ?? Data()
}
