package import Foundation

/// Copies of published data sets with their exact names, columns, encodings, sizes and depths, and a few made-up images.
package enum TaskCopies {
  static let findings = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Consolidation",
    "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening", "Hernia",
  ]

  static let observations = [
    "No Finding", "Enlarged Cardiomediastinum", "Cardiomegaly", "Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia",
    "Atelectasis", "Pneumothorax", "Pleural Effusion", "Pleural Other", "Fracture", "Support Devices",
  ]

  /// `00000012_001.png`: the second image of the twelfth patient.
  package static func chestName(_ index: Int) -> String { "000000\(index / 2 + 10)_00\(index % 2).png" }

  /// ChestX-ray14 as it is unpacked into twelve folders, with the table of 2020: 48 images of 24 patients, 6 of them for the test.
  package static func chestXray14(in root: URL, side: Int = 1024) throws {
    let header = "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]\n"
    var rows = ""
    for folder in 1...12 { try "".write(below: root, "images_0\(folder < 10 ? "0" : "")\(folder)/images/.keep") }
    for index in 0..<48 {
      let name = chestName(index), folder = index / 4 + 1
      // Every finding in every part: neighbors in a ring of the fourteen.
      let labels = index % 6 == 5 ? "No Finding" : [0, 3, 7].map { findings[(index + $0) % 14] }.joined(separator: "|")
      rows += "\(name),\(labels),\(index % 2),\(index / 2 + 10),0\(40 + index % 9),F,PA,2500,2048,0.168,0.168\n"
      try ramp(index, side).png().write(below: root, "images_0\(folder < 10 ? "0" : "")\(folder)/images/\(name)")
    }
    try (header + rows).write(below: root, "Data_Entry_2017_v2020.csv")
    try ((0..<36).map(chestName).joined(separator: "\n") + "\n").write(below: root, "train_val_list.txt")
    try ((36..<48).map(chestName).joined(separator: "\n") + "\n").write(below: root, "test_list.txt")
  }

  /// CheXpert-v1.0-small: 40 training images of 20 patients, frontal and lateral, and 6 validation images; labels 1, 0, −1 and nothing.
  package static func cheXpert(in root: URL) throws {
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
          try PublisherFiles.jpeg.write(below: root, path)
        }
      }
      try (header + rows).write(below: root, "\(part).csv")
    }
  }

  /// Shenzhen: 24 images named as the set's, every other with tuberculosis.
  package static func shenzhen(in root: URL) throws {
    for index in 1...24 {
      try Drawing.ramp(index, 64, 60).png().write(below: root, "CXR_png/CHNCXR_00\(index < 10 ? "0" : "")\(index)_\(index % 2).png")
    }
  }

  /// One of four square pictures.
  static func ramp(_ index: Int, _ side: Int, channels: Int = 1, bitDepth: Int = 8) -> Drawing {
    .ramp(index % 4, side, side, channels: channels, bitDepth: bitDepth)
  }
}
