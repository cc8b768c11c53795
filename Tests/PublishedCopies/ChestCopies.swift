package import Foundation

/// Copies of more published data sets of chest X-rays; see `TaskCopies`.
extension TaskCopies {
  static let mimicLabels = [
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion", "Lung Opacity",
    "No Finding", "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", "Support Devices",
  ]

  /// MIMIC-CXR-JPG: 25 patients with one study each of a frontal and a lateral image, the first with a second frontal one; the study
  /// of the last one has no labels.
  package static func mimicCXR(in root: URL) throws {
    var split = "dicom_id,study_id,subject_id,split\n", labels = "subject_id,study_id,\(mimicLabels.joined(separator: ","))\n"
    var views = "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns\n"
    for patient in 0..<25 {
      let subject = 10_000_032 + 400_000 * patient, study = 50_414_267 + patient
      let part = patient < 14 ? "train" : patient < 19 ? "validate" : "test"
      for view in ["PA", "LATERAL"] + (patient == 0 ? ["AP"] : []) {
        let image = "02aa804e-bde0afdd-112c0b34-\(subject)-\(view.lowercased())"
        split += "\(image),\(study),\(subject),\(part)\n"
        views += "\(image),\(subject),\(study),\"CHEST (PA, LAT)\",\(view),48,48\n"
        try PublisherFiles.jpeg.write(below: root, "files/p\(String(subject).prefix(2))/p\(subject)/s\(study)/\(image).jpg")
      }
      if patient == 24 { continue }
      let values = mimicLabels.indices.map { ["1.0", "0.0", "-1.0", ""][(patient + $0) % 4] }
      labels += "\(subject),\(study),\(values.joined(separator: ","))\n"
    }
    for (name, text) in [("split", split), ("chexpert", labels), ("metadata", views)] {
      // Told from a gzipped file by its first bytes, not by its name.
      try text.write(below: root, "mimic-cxr-2.0.0-\(name).csv.gz")
    }
  }

  /// VinDr-CXR 1.0.0: 20 training images with three rows each, of which two agree, and 8 test images with one.
  package static func vinDrCXR(in root: URL) throws {
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
      let values = (0..<48 * 48).map { $0 * (index % 5 + 1) / 7 % 500 }
      try GeneratedSlice(size: 48, place: nil, instanceNumber: 1, values: values).data()
        .write(below: root, "\(index < 20 ? "train" : "test")/\(name).dicom")
    }
    try train.write(below: root, "annotations/image_labels_train.csv")
    try test.write(below: root, "annotations/image_labels_test.csv")
  }

  /// The lists of the 2025 benchmark with JPEG copies.
  package static func vinDrLists(in root: URL) throws {
    for (part, range) in [("train", 0..<20), ("test", 20..<28)] {
      var text = ""
      for index in range {
        let name = "000434271f63a053c4128a0ba635\(index + 1000)"
        text += "\(name) \((0..<6).map { (index + $0) % 3 == 0 ? "1" : "0" }.joined(separator: " "))\n"
        try PublisherFiles.jpeg.write(below: root, "\(part)_jpeg/\(name).jpeg")
      }
      try text.write(below: root, "VinDrCXR_\(part)_pe_global_one.txt")
    }
  }

  static let padChestFindings = [
    "atelectasis", "cardiomegaly", "pleural effusion", "infiltrates", "mass", "nodule", "pneumonia", "pneumothorax", "consolidation",
    "pulmonary edema", "emphysema", "pulmonary fibrosis", "pleural thickening", "hiatal hernia",
  ]

  /// PadChest with its images in the numbered folders, of which two have some: 40 frontal images of 40 patients and as many lateral
  /// ones, which are not there.
  package static func padChest(in root: URL) throws {
    var table = ",ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,Projection,Pediatric,Report,MethodLabel,Labels,Localizations\n"
    for folder in 0...54 { try "".write(below: root, "\(folder)/.keep") }
    for index in 0..<40 {
      let name = "2163965748\(index + 1000)-\(index).png", folder = index % 2 == 0 ? 0 : 54
      let found = [0, 4, 9].map { padChestFindings[(index + $0) % 14] }.map { "' \($0)'" }.joined(separator: ", ")
      table += "\(2 * index),\(name),\(folder),20140915,study\(index),pat\(index),PA,No,\"infiltrado, derrame\",Physician,\"[\(found)]\",[]\n"
      table += "\(2 * index + 1),lateral-\(name),\(folder),20140915,study\(index),pat\(index),L,No,,Physician,\"['normal']\",[]\n"
      try Drawing.ramp(index % 4, 60, 64, bitDepth: 16).png().write(below: root, "\(folder)/\(name)")
    }
    try table.write(below: root, "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv")
  }

  /// The COVID-19 Radiography Database: ten images of each class beside masks and spreadsheets.
  package static func covidRadiography(in root: URL, side: Int = 299) throws {
    for name in ["COVID", "Lung_Opacity", "Normal", "Viral Pneumonia"] {
      for index in 1...10 {
        try ramp(index, side).png().write(below: root, "\(name)/images/\(name)-\(index).png")
        try ramp(index, 256).png().write(below: root, "\(name)/masks/\(name)-\(index).png")
      }
      try "x".write(below: root, "\(name).metadata.xlsx")
    }
  }

  /// COVIDx by lists of version 9A (three classes), or CXR-4 (two classes and three lists).
  package static func covidx(in root: URL, isCXR4: Bool) throws {
    let classes = isCXR4 ? ["negative", "positive"] : ["normal", "pneumonia", "COVID-19"]
    for (part, count) in [("train", 24), ("val", 6), ("test", 9)] where isCXR4 || part != "val" {
      var text = ""
      for index in 0..<count {
        let ending = index % 2 == 0 ? "png" : "jpg"
        text += "\(index) \(part)-\(index).\(ending) \(classes[index % classes.count]) cohen\n"
        try (ending == "png" ? ramp(index, 60).png() : PublisherFiles.jpeg).write(below: root, "\(part)/\(part)-\(index).\(ending)")
      }
      try text.write(below: root, "\(isCXR4 ? part : "\(part)_COVIDx9A").txt")
    }
  }

  /// TBX11K: lists and folders of three classes.
  package static func tbx11k(in root: URL, side: Int = 512) throws {
    for (part, range) in [("train", 0..<24), ("val", 24..<33)] {
      var text = ""
      for index in range {
        let (folder, letter) = [("health", "h"), ("sick", "s"), ("tb", "tb")][index % 3]
        text += "\(folder)/\(letter)\(1000 + index).png\n"
        try ramp(index, side, channels: 3).png().write(below: root, "imgs/\(folder)/\(letter)\(1000 + index).png")
      }
      try text.write(below: root, "lists/TBX11K_\(part).txt")
    }
  }
}
