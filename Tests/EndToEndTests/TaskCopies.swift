import Foundation
import Foundations
import Imaging

/// Copies of published data sets with their exact names, columns and encodings, and a few made-up images.
enum TaskCopies {
  static let findings = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Consolidation",
    "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
  ]

  static let observations = [
    "No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia",
    "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices",
  ]

  /// `00000012_001.png`: the second image of the twelfth patient.
  static func chestName(_ index: Int) -> String { "000000\(index / 2 + 10)_00\(index % 2).png" }

  /// ChestX-ray14 as it is unpacked into twelve folders, with the table of 2020: 48 images of 24 patients, 6 of them for the test.
  static func chestXray14(in fixture: StudyFixture, _ root: String) throws {
    let header = "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]\n"
    var rows = ""
    for folder in 1...12 { try fixture.write("", to: "\(root)/images_0\(folder < 10 ? "0" : "")\(folder)/images/.keep") }
    for index in 0..<48 {
      let name = chestName(index), folder = index / 4 + 1
      // Every finding in every part: neighbors in a ring of the fourteen.
      let labels = index % 6 == 5 ? "No Finding" : [0, 3, 7].map { findings[(index + $0) % 14] }.joined(separator: "|")
      rows += "\(name),\(labels),\(index % 2),\(index / 2 + 10),0\(40 + index % 9),F,PA,2500,2048,0.168,0.168\n"
      try draw(index, to: fixture.url("\(root)/images_0\(folder < 10 ? "0" : "")\(folder)/images/\(name)"))
    }
    try fixture.write(header + rows, to: "\(root)/Data_Entry_2017_v2020.csv")
    try fixture.write((0..<36).map(chestName).joined(separator: "\n") + "\n", to: "\(root)/train_val_list.txt")
    try fixture.write((36..<48).map(chestName).joined(separator: "\n") + "\n", to: "\(root)/test_list.txt")
  }

  /// CheXpert-v1.0-small: 40 training images of 20 patients, frontal and lateral, and 6 validation images; labels 1, 0, −1 and nothing.
  static func cheXpert(in fixture: StudyFixture, _ root: String) throws {
    let header = "Path,Sex,Age,Frontal/Lateral,AP/PA," + observations.joined(separator: ",") + "\n"
    for (part, patients) in [("train", 1...20), ("valid", 64541...64546)] {
      var rows = ""
      for patient in patients {
        for (view, name) in ["frontal", "lateral"].prefix(part == "train" ? 2 : 1).enumerated() {
          let digits = String(patient)
          let path = "\(part)/patient\(String(repeating: "0", count: 5 - digits.count))\(digits)/study1/view\(view + 1)_\(name).jpg"
          let labels = observations.indices.map { place in
            part == "valid" ? ["0.0", "1.0"][(patient + place) % 2] : ["1.0", "0.0", "-1.0", ""][(patient + place + view) % 4]
          }
          rows += "CheXpert-v1.0-small/\(path),Female,68,\(name.capitalized),\(view == 0 ? "AP" : ""),\(labels.joined(separator: ","))\n"
          let file = fixture.url("\(root)/\(path)")
          try AtomicFile.makeFolder(file.deletingLastPathComponent())
          try jpeg.write(to: file)
        }
      }
      try fixture.write(header + rows, to: "\(root)/\(part).csv")
    }
  }

  /// Shenzhen: 24 images named as the set's, every other with tuberculosis.
  static func shenzhen(in fixture: StudyFixture, _ root: String) throws {
    for index in 1...24 {
      try draw(index, to: fixture.url("\(root)/CXR_png/CHNCXR_00\(index < 10 ? "0" : "")\(index)_\(index % 2).png"))
    }
  }

  /// A gray ramp that differs from image to image.
  static func draw(_ index: Int, to file: URL) throws {
    try AtomicFile.makeFolder(file.deletingLastPathComponent())
    let pixels = (0..<48 * 48).map { UInt8(truncatingIfNeeded: $0 * (index % 5 + 1) / 7 + index * 11) }
    try ImageFile.writePNG(PixelBuffer(width: 48, height: 48, channels: 1, bitDepth: 8, samples: .bytes(pixels)), to: file)
  }

  /// 16 × 16 pixels, (13 x + 7 y) mod 256, as Pillow 11.3.0 writes them at quality 50.
  static let jpeg = Data(
    base64Encoded: """
      /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/\
      wAALCAAQABABAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEI\
      I0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip\
      qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AMLSbT7vFdppNp93isfSbT7vFamv3/8AY+hN5Tbbq4/d\
      RYOCM/ebqDwO46ErX//Z
      """) ?? Data()
}
