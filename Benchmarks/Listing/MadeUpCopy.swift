import Datasets
import Foundation
import Foundations
import Studies

/// Copies with the names, folders and tables of the published sets, and files that hold nothing.
enum MadeUpCopy {
  /// `train.csv` with its 17 columns and `train/study/series/slice.dcm`; identifiers of twelve hexadecimal digits, 246 slices a study.
  static func pulmonaryEmbolism(slices: Int, in folder: URL) throws -> DataSource {
    let root = folder.appendingPathComponent("slices-\(slices)", isDirectory: true), table = root.appendingPathComponent("train.csv")
    let task = try builtIn("ECC", root)
    if FileManager.default.fileExists(atPath: table.path) { return task }
    let studies = max(3, slices * 7_279 / 1_790_594)
    var text = "StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,pe_present_on_image,negative_exam_for_pe,qa_motion,qa_contrast,"
    text += "flow_artifact,rv_lv_ratio_gte_1,rv_lv_ratio_lt_1,leftsided_pe,chronic_pe,true_filling_defect_not_pe,rightsided_pe,"
    text += "acute_and_chronic_pe,central_pe,indeterminate\n"
    var done = 0
    for number in 0..<studies {
      let study = identifier("study", number), series = identifier("series", number)
      let place = root.appendingPathComponent("train/\(study)/\(series)", isDirectory: true)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let end = slices * (number + 1) / studies
      for slice in done..<end {
        let name = identifier("slice", slice)
        makeEmpty(place.path + "/\(name).dcm")
        text += "\(study),\(series),\(name),\(number % 3 == 0 && slice % 9 == 0 ? 1 : 0),0,0,0,0,0,0,0,0,0,0,0,0,0\n"
      }
      done = end
    }
    try AtomicFile.write(Data(text.utf8), to: table)
    return task
  }

  /// `Data_Entry_2017.csv` with its columns, the official lists, and `images/00000001_000.png`.
  static func chestXray14(images: Int, in folder: URL) throws -> DataSource {
    let root = folder.appendingPathComponent("images-\(images)", isDirectory: true), table = root.appendingPathComponent("Data_Entry_2017.csv")
    let task = try builtIn("DXC14", root)
    if FileManager.default.fileExists(atPath: table.path) { return task }
    let place = root.appendingPathComponent("images", isDirectory: true)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let classes = task.classNames, patients = max(10, images * 30_805 / 112_120)
    var text = "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    text += "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],\n"
    var training = "", test = "", done = 0
    for patient in 0..<patients {
      let end = images * (patient + 1) / patients
      for image in done..<end {
        let name = String(format: "%08d_%03d.png", patient + 1, image - done)
        makeEmpty(place.path + "/" + name)
        let labels = image % 2 == 0 ? "No Finding" : image % 3 == 0 ? "\(classes[image % 14])|\(classes[(image + 5) % 14])" : classes[image % 14]
        text += "\(name),\(labels),\(image - done),\(patient + 1),58,M,PA,2682,2749,0.143,0.143,\n"
        if patient % 5 == 0 { test += name + "\n" } else { training += name + "\n" }
      }
      done = end
    }
    try AtomicFile.write(Data(training.utf8), to: root.appendingPathComponent("train_val_list.txt"))
    try AtomicFile.write(Data(test.utf8), to: root.appendingPathComponent("test_list.txt"))
    try AtomicFile.write(Data(text.utf8), to: table)
    return task
  }

  private static func builtIn(_ name: String, _ root: URL) throws -> DataSource {
    let text = "name: listing\ninitializations: {random: random}\ntasks: {\(name): {builtIn: \(name), root: \(root.path)}}\n"
    let study = try Study.decode(text, file: root.appendingPathComponent("study.yaml"))
    return study.tasks[0].data
  }

  private static func identifier(_ kind: String, _ number: Int) -> String { String(Digest.sha256Hex(of: "\(kind) \(number)").prefix(12)) }

  private static func makeEmpty(_ path: String) {
    let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
    if descriptor >= 0 { close(descriptor) }
  }
}
