import Foundation
import Foundations

/// Copies of more published data sets; see `TaskCopies`.
extension TaskCopies {
  static let mimicLabels = [
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion", "Lung Opacity",
    "No Finding", "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", "Support Devices",
  ]

  /// MIMIC-CXR-JPG: 24 patients with one study each of a frontal and a lateral image; the study of the last one has no labels.
  static func mimicCXR(in fixture: StudyFixture, _ root: String) throws {
    var split = "dicom_id,study_id,subject_id,split\n", labels = "subject_id,study_id,\(mimicLabels.joined(separator: ","))\n"
    var views = "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns\n"
    for patient in 0..<25 {
      let subject = 10_000_032 + 400_000 * patient, study = 50_414_267 + patient
      let part = patient < 14 ? "train" : patient < 19 ? "validate" : "test"
      for view in ["PA", "LATERAL"] {
        let image = "02aa804e-bde0afdd-112c0b34-\(subject)-\(view.lowercased())"
        split += "\(image),\(study),\(subject),\(part)\n"
        views += "\(image),\(subject),\(study),\"CHEST (PA, LAT)\",\(view),48,48\n"
        let file = fixture.url("\(root)/files/p\(String(subject).prefix(2))/p\(subject)/s\(study)/\(image).jpg")
        try AtomicFile.makeFolder(file.deletingLastPathComponent())
        try jpeg.write(to: file)
      }
      if patient == 24 { continue }
      let values = mimicLabels.indices.map { ["1.0", "0.0", "-1.0", ""][(patient + $0) % 4] }
      labels += "\(subject),\(study),\(values.joined(separator: ","))\n"
    }
    for (name, text) in [("split", split), ("chexpert", labels), ("metadata", views)] {
      // Told from a gzipped file by its first bytes, not by its name.
      try fixture.write(text, to: "\(root)/mimic-cxr-2.0.0-\(name).csv.gz")
    }
  }

  static let vinDrDiagnoses = ["Pleural effusion", "Lung tumor", "Pneumonia", "Tuberculosis", "Other diseases", "No finding"]

  /// VinDr-CXR 1.0.0: 20 training images with three rows each, of which two agree, and 8 test images with one.
  static func vinDrCXR(in fixture: StudyFixture, _ root: String) throws {
    let columns = ["Aortic enlargement", "Pleural effusion", "COPD", "Lung tumor", "Pneumonia", "Tuberculosis"]
    var train = "image_id,rad_id,\(columns.joined(separator: ",")),Other diseases,No finding\n"
    var test = "image_id,\(columns.joined(separator: ",")),Other disease,No finding\n"
    for index in 0..<28 {
      let name = "000434271f63a053c4128a0ba635\(index + 1000)"
      let labels = (0..<8).map { (index + $0) % 3 == 0 ? 1 : 0 }
      let words = labels.map(String.init).joined(separator: ",")
      if index < 20 {
        let contrary = labels.map { String(1 - $0) }.joined(separator: ",")
        train += "\(name),R9,\(words)\n\(name),R10,\(contrary)\n\(name),R8,\(words)\n"
      } else {
        test += "\(name),\(words)\n"
      }
      let file = fixture.url("\(root)/\(index < 20 ? "train" : "test")/\(name).dicom")
      try AtomicFile.makeFolder(file.deletingLastPathComponent())
      let values = (0..<48 * 48).map { $0 * (index % 5 + 1) / 7 % 500 }
      try GeneratedSlice(size: 48, place: nil, instanceNumber: 1, values: values).data().write(to: file)
    }
    try fixture.write(train, to: "\(root)/annotations/image_labels_train.csv")
    try fixture.write(test, to: "\(root)/annotations/image_labels_test.csv")
  }

  /// The lists of the 2025 benchmark with JPEG copies.
  static func vinDrLists(in fixture: StudyFixture, _ root: String) throws {
    for (part, range) in [("train", 0..<20), ("test", 20..<28)] {
      var text = ""
      for index in range {
        let name = "000434271f63a053c4128a0ba635\(index + 1000)"
        text += "\(name) \((0..<6).map { (index + $0) % 3 == 0 ? "1" : "0" }.joined(separator: " "))\n"
        let file = fixture.url("\(root)/\(part)_jpeg/\(name).jpeg")
        try AtomicFile.makeFolder(file.deletingLastPathComponent())
        try jpeg.write(to: file)
      }
      try fixture.write(text, to: "\(root)/VinDrCXR_\(part)_pe_global_one.txt")
    }
  }

  static let padChestFindings = [
    "atelectasis", "cardiomegaly", "pleural effusion", "infiltrates", "mass", "nodule", "pneumonia", "pneumothorax", "consolidation",
    "pulmonary edema", "emphysema", "pulmonary fibrosis", "pleural thickening", "hiatal hernia",
  ]

  /// PadChest with its images in two of the numbered folders: 40 frontal images of 40 patients and as many lateral ones, which are not there.
  static func padChest(in fixture: StudyFixture, _ root: String) throws {
    var table = ",ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,Projection,Pediatric,Report,MethodLabel,Labels,Localizations\n"
    for index in 0..<40 {
      let name = "2163965748\(index + 1000)-\(index).png", folder = index % 2 == 0 ? 0 : 54
      let found = [0, 4, 9].map { padChestFindings[(index + $0) % 14] }.map { "' \($0)'" }.joined(separator: ", ")
      table += "\(2 * index),\(name),\(folder),20140915,study\(index),pat\(index),PA,No,\"infiltrado, derrame\",Physician,\"[\(found)]\",[]\n"
      table += "\(2 * index + 1),lateral-\(name),\(folder),20140915,study\(index),pat\(index),L,No,,Physician,\"['normal']\",[]\n"
      try draw(index, to: fixture.url("\(root)/images/\(folder)/\(name)"))
    }
    try fixture.write(table, to: "\(root)/PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv")
  }

  static let covidClasses = ["COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"]

  /// The COVID-19 Radiography Database: ten images of each class beside masks and spreadsheets.
  static func covidRadiography(in fixture: StudyFixture, _ root: String) throws {
    for name in covidClasses {
      for index in 1...10 {
        try draw(index, to: fixture.url("\(root)/\(name)/images/\(name)-\(index).png"))
        try draw(index, to: fixture.url("\(root)/\(name)/masks/\(name)-\(index).png"))
      }
      try fixture.write("x", to: "\(root)/\(name).metadata.xlsx")
    }
  }

  /// COVIDx by lists of version 9A (three classes), or CXR-4 (two classes and three lists).
  static func covidx(in fixture: StudyFixture, _ root: String, isCXR4: Bool) throws {
    let classes = isCXR4 ? ["negative", "positive"] : ["normal", "pneumonia", "COVID-19"]
    for (part, count) in [("train", 24), ("val", 6), ("test", 9)] where isCXR4 || part != "val" {
      var text = ""
      for index in 0..<count {
        text += "\(index) \(part)-\(index).png \(classes[index % classes.count]) cohen\n"
        try draw(index, to: fixture.url("\(root)/\(part)/\(part)-\(index).png"))
      }
      try fixture.write(text, to: "\(root)/\(isCXR4 ? part : "\(part)_COVIDx9A").txt")
    }
  }

  /// TBX11K: lists and folders of three classes.
  static func tbx11k(in fixture: StudyFixture, _ root: String) throws {
    for (part, range) in [("train", 0..<24), ("val", 24..<33)] {
      var text = ""
      for index in range {
        let (folder, letter) = [("health", "h"), ("sick", "s"), ("tb", "tb")][index % 3]
        text += "\(folder)/\(letter)\(1000 + index).png\n"
        try draw(index, to: fixture.url("\(root)/imgs/\(folder)/\(letter)\(1000 + index).png"))
      }
      try fixture.write(text, to: "\(root)/lists/TBX11K_\(part).txt")
    }
  }

  /// BloodMNIST as its publisher packs it.
  static func bloodMNIST(in fixture: StudyFixture, _ root: String) throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/bloodmnist.npz")
    try AtomicFile.makeFolder(fixture.url(root))
    try FileManager.default.copyItem(at: golden, to: fixture.url("\(root)/bloodmnist.npz"))
  }
}
