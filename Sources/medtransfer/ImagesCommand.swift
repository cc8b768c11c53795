import ArgumentParser
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
    discussion: "PNG, JPEG, TIFF, GIF, DICOM and NIfTI. Of a NIfTI volume the preview is the middle axial slice.")

  @Argument(help: "The image file.")
  var file: String
  @Flag(help: "Print JSON.")
  var json = false
  @Option(name: .customLong("to"), help: ArgumentHelp("Write a preview to this PNG file.", valueName: "out.png"))
  var target: String?
  @Option(help: "The frame of a DICOM file to show, from 1.")
  var frame = 1
  // A center may be negative, so the value is taken whatever it begins with.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show DICOM or NIfTI values through this window instead of the file's own.", valueName: "center,width"))
  var window: String?

  func validate() throws {
    guard frame >= 1 else { throw ValidationError("--frame counts from 1.") }
    guard window == nil || windowNumbers != nil else {
      throw ValidationError("--window takes two numbers: center,width, such as -600,1500.")
    }
  }

  private var windowNumbers: (Double, Double)? {
    let parts = window?.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) } ?? []
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }

  func run() throws {
    let url = URL(fileURLWithPath: file)
    let chosen = try windowNumbers.map { try IntensityWindow(center: $0, width: $1) }
    let description = try ImageDescription(url, frame: frame - 1, window: chosen)
    if let target {
      let preview = try ImageDescription.preview(url, frame: frame - 1, window: chosen)
      try ImageFile.writePNG(preview, to: URL(fileURLWithPath: target))
    }
    if json {
      Terminal.show(String(decoding: try CanonicalJSON.encodePretty(description), as: UTF8.self), terminator: "")
    } else {
      Terminal.show(description.terminalText, terminator: "")
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
    lines.append(("Shown", display))
    lines.append(("SHA-256 of the pixels", sha256))
    let width = lines.map(\.0.count).max() ?? 0
    return lines.filter { !$0.1.isEmpty }.map { name, text in
      name + String(repeating: " ", count: width - name.count + 2) + text + "\n"
    }.joined()
  }
}
