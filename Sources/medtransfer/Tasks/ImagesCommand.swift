import ArgumentParser
import Datasets
import Execution
import Foundation
import Foundations
import Imaging

/// `medtransfer images …`
struct ImagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "images", abstract: "Looks at single image files.", subcommands: [ImagesInspectCommand.self])
}

/// `medtransfer images inspect FILE`
struct ImagesInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what an image file holds, and draws it as a network would see it.",
    discussion: """
      PNG, JPEG, TIFF, GIF, WebP, JPEG 2000, PGM/PPM, BMP, DICOM and NIfTI. Of a NIfTI volume the preview is the middle axial slice.

      With --as the file is prepared as an image of that task: with --study a task of the study, else a built-in task, whose copy \
      --root names. The picture is what the network sees before normalization, its mask tinted red. Weights whose card asks for a \
      normalization of their own bring it to their runs.
      """)

  @Argument(help: "The image file.")
  var file: String
  @Flag(help: "Print JSON.")
  var json = false
  @Option(name: .customLong("to"), help: ArgumentHelp("Write a preview to this PNG file.", valueName: "out.png"))
  var target: String?
  @Option(help: "The frame or page to show, from 1; with --as, which of the file's images.")
  var frame: Int?
  @Option(help: "Turn a picture as its file states, as in a study, or leave its rows as they are stored.")
  var orientation: Orientation = .asStated
  // A center may be negative, so the value is taken whatever it begins with.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show values through this window instead of the file's own.", valueName: "center,width"))
  var window: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show what lies between these values, as the study's pictures: {range: [0, 4095]} does.", valueName: "black,white"))
  var range: String?

  @Option(name: .customLong("as"), help: ArgumentHelp("Prepare the file as this task does.", valueName: "task"))
  var task: String?
  @Option(help: ArgumentHelp("The study that the task is of.", valueName: "study.yaml"), completion: .file(extensions: ["yaml", "yml"]))
  var study: String?
  @Option(help: ArgumentHelp("The folder of a built-in task's copy, for its labels and masks.", valueName: "folder"))
  var root: String?
  @Option(help: "Prepare it as for training, validation or test.")
  var part: Part = .validation
  @Option(help: ArgumentHelp("Show the variations of the first epochs of the study's first seed.", valueName: "count"))
  var augmented: Int?

  enum Part: String, ExpressibleByArgument, CaseIterable { case training, validation, test }

  enum Orientation: String, ExpressibleByArgument, CaseIterable { case asStated, asStored }

  func validate() throws {
    guard task != nil || (study == nil && root == nil && augmented == nil && part == .validation) else {
      throw ValidationError("--study, --root, --part and --augmented go with --as.")
    }
    guard task == nil || window == nil else { throw ValidationError("With --as the task chooses the window: leave --window out.") }
    guard task == nil || range == nil else { throw ValidationError("With --as the task chooses the range: leave --range out.") }
    guard window == nil || range == nil else { throw ValidationError("--window and --range both say what is black and white: leave one out.") }
    guard range == nil || Self.numbers(range).map({ $0.0 < $0.1 }) == true else {
      throw ValidationError("--range takes two rising numbers: black,white, such as 0,4095.")
    }
    guard study == nil || root == nil else { throw ValidationError("A study says where its data are: leave --root out.") }
    guard (1...400).contains(augmented ?? 1) else { throw ValidationError("--augmented takes a number from 1 to 400.") }
    guard task == nil || orientation == .asStated else { throw ValidationError("With --as the task chooses the orientation: leave --orientation out.") }
    guard (frame ?? 1) >= 1 else { throw ValidationError("--frame counts from 1.") }
    guard window == nil || Self.numbers(window) != nil else {
      throw ValidationError("--window takes two numbers: center,width, such as -600,1500.")
    }
  }

  private static func numbers(_ text: String?) -> (Double, Double)? {
    let parts = text?.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) } ?? []
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }

  func run() throws {
    let url = URL(fileURLWithPath: file)
    if let task { return try show(url, as: task) }
    let chosen = try Self.numbers(window).map { try IntensityWindow(center: $0, width: $1) } ?? Self.numbers(range).map { try IntensityWindow(from: $0, to: $1) }
    let rule = OrientationRule(rawValue: orientation.rawValue) ?? .asStated
    let description = try ImageDescription(url, frame: frame.map { $0 - 1 }, window: chosen, orientation: rule)
    if let target {
      let preview = try ImageDescription.preview(url, frame: (frame ?? 1) - 1, window: chosen, orientation: rule)
      try ImageFile.writePNG(preview, to: URL(fileURLWithPath: target))
    }
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(description), as: UTF8.self), terminator: "")
    } else {
      Terminal.show(description.terminalText, terminator: "")
    }
  }

  private func show(_ url: URL, as name: String) throws {
    let found = try InputInspection.task(named: name, study: study.map { URL(fileURLWithPath: $0) }, root: root)
    let inspection = try InputInspection(
      url, number: frame ?? 1, as: found.task, among: found.splits, part: DatasetPart(rawValue: part.rawValue) ?? .validation,
      seed: found.seed, variations: augmented ?? 0)
    if let target { try ImageFile.writePNG(inspection.picture(), to: URL(fileURLWithPath: target)) }
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(inspection), as: UTF8.self), terminator: "")
    } else {
      Terminal.show(inspection.terminalText, terminator: "")
    }
  }
}

extension ImageDescription {
  /// One fact a line.
  var terminalText: String {
    var lines: [(String, String)] = [("Format", format)]
    func number(_ value: Double) -> String { value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value) }
    if let dicom { lines.append(("Transfer syntax", "\(dicom.transferSyntaxName) (\(dicom.transferSyntaxUID))")) }
    if let nifti {
      lines.append(("Voxels", nifti.dimensions.map(String.init).joined(separator: " × ")))
      lines.append(("Axes", nifti.hasOrientation ? nifti.axisDirections : "\(nifti.axisDirections), by default"))
      lines.append(("Spacing", nifti.zooms.map(number).joined(separator: " × ")))
    } else {
      lines.append(("Size", "\(width) × \(height) pixels\(frames > 1 ? ", \(frames) frames" : "")"))
    }
    lines.append(("Samples", "\(channels) a pixel, \(bitDepth) bits, \(type)"))
    if let dicom {
      lines.append(("Photometric interpretation", dicom.photometricInterpretation))
      let rescale = "\(number(dicom.rescaleSlope)) × stored + \(number(dicom.rescaleIntercept))"
      lines.append(("Rescale", dicom.hasModalityLUT ? "modality LUT" : rescale))
      let windows = dicom.windows.map { "center \(number($0.center)), width \(number($0.width)) (\($0.function.rawValue))" }
      lines.append(("Windows", (windows + (dicom.hasVOILUT ? ["VOI LUT"] : [])).joined(separator: "; ")))
      if let spacing = dicom.pixelSpacing { lines.append(("Spacing", spacing.map(number).joined(separator: " × ") + " mm")) }
      if let modality = dicom.modality { lines.append(("Modality", modality)) }
    }
    if let nifti, nifti.slope != 1 || nifti.intercept != 0 {
      lines.append(("Scale", "\(number(nifti.slope)) × stored + \(number(nifti.intercept))"))
    }
    if let minimum, let maximum { lines.append(("Stored values", "\(number(minimum)) to \(number(maximum))")) }
    if let orientation, orientation != 1 { lines.append(("Orientation", "\(orientation) of 8, as EXIF numbers them")) }
    lines.append(("Shown", display))
    if let usedShareOfRange { lines.append(("Used share of the range", String(format: "%.1f %%", 100 * usedShareOfRange))) }
    lines += remarks.map { ("Remark", $0.words) }
    lines.append(("SHA-256 of the pixels", sha256))
    let width = lines.map(\.0.count).max() ?? 0
    return lines.filter { !$0.1.isEmpty }.map { name, text in
      name + String(repeating: " ", count: width - name.count + 2) + text + "\n"
    }.joined()
  }
}
