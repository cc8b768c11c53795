package import Foundation

/// Copies of published segmentation sets. Objects are columns of a known share of the width, so that the pixels of every mask can be
/// told beforehand at any size.
extension TaskCopies {
  /// Montgomery: PNGs of 8 and, where they are deep, of 16 bits, the left lung in the last quarter of the columns and the right in the first.
  package static func montgomery(in root: URL, sizes: [[Int]] = [[4892, 4020], [4020, 4892]], isDeep: Bool = true, count: Int = 10) throws {
    for number in 1...count {
      let name = "MCUCXR_00\(number < 10 ? "0" : "")\(number)_\(number % 2).png", size = sizes[number % sizes.count]
      try Drawing.ramp(0, size[0], size[1], bitDepth: isDeep && number <= count / 2 ? 16 : 8).png().write(below: root, "CXR_png/\(name)")
      try Drawing.columns(0.75..<1, size[0], size[1]).png().write(below: root, "ManualMask/leftMask/\(name)")
      try Drawing.columns(0..<0.25, size[0], size[1]).png().write(below: root, "ManualMask/rightMask/\(name)")
    }
  }

  /// DRIVE: vessels in the first quarter of the columns (of twice as many for the second observer), a field of view of the upper half.
  package static func drive(in root: URL, width: Int = 565, height: Int = 584) throws {
    for (part, numbers) in [("training", 21...26), ("test", 1...3)] {
      for number in numbers {
        let name = number < 10 ? "0\(number)" : "\(number)"
        try Drawing.ramp(number, width, height, channels: 3).tiff().write(below: root, "\(part)/images/\(name)_\(part).tif")
        try Drawing.columns(0..<0.25, width, height).gif().write(below: root, "\(part)/1st_manual/\(name)_manual1.gif")
        try Drawing(width, height) { _, band in band == 0 ? 255 : 0 }.gif().write(below: root, "\(part)/mask/\(name)_\(part)_mask.gif")
        if part == "test" { try Drawing.columns(0..<0.5, width, height).gif().write(below: root, "test/2nd_manual/\(name)_manual2.gif") }
      }
    }
  }

  /// SIIM-ACR: DICOM files somewhere below a folder; two columns of an eighth of the width in two rows, none in every third image.
  package static func siimACR(in root: URL, side: Int = 1024) throws {
    var table = "ImageId, EncodedPixels\n"
    for number in 1...12 {
      let name = "1.2.276.0.7230010.3.1.4.8323329.\(number).1517875201.85", column = side / 8 * side
      try ramp(number, side).dicom(instance: name).write(below: root, "dicom-images-train/1.2.\(number)/1.3.\(number)/\(name).dcm")
      table += number % 3 == 0 ? "\(name), -1\n" : "\(name),0 \(column)\n\(name), \(side / 2 * side) \(column - 12) 0 12\n"
    }
    try table.write(below: root, "train-rle.csv")
  }

  /// JSRT with SCR's outlines: radiographs as they are published and as copies of 16 bits, masks of half their size; the heart in the
  /// first quarter of the columns, the clavicles in their first eighth and last quarter, the lungs in a quarter each.
  ///
  /// - Parameter raw: Numbers of the radiographs that are files as published, which are always 2048 pixels wide.
  package static func scr(in root: URL, side: Int = 2048, raw: Set<Int> = [1, 2], count: Int = 12) throws {
    for number in 1...count {
      let name = number < 10 ? "JPCLN00\(number)" : "JPCLN0\(number)", fold = number % 2 == 1 ? "fold1" : "fold2"
      if raw.contains(number) {
        try PublisherFiles.jsrt.write(below: root, "All247images/\(name).IMG")
      } else {
        try ramp(number % 2, side, bitDepth: 16).png().write(below: root, "All247images/\(name).IMG.png")
      }
      let objects = [
        ("heart", 0..<0.25), ("left clavicle", 0..<0.125), ("right clavicle", 0.75..<1), ("left lung", 0.5..<0.75), ("right lung", 0..<0.25),
      ]
      for (folder, range) in objects {
        try Drawing.columns(range, side / 2, side / 2).gif().write(below: root, "\(fold)/masks/\(folder)/\(name).gif")
      }
    }
  }

  /// BUSI: numbered masks beside images of many sizes; benign lesions are in two masks, normal images have an empty one.
  package static func busi(in root: URL) throws {
    for (folder, count) in [("benign", 6), ("malignant", 5), ("normal", 3)] {
      for number in 1...count {
        let stem = "\(folder)/\(folder) (\(number))", (width, height) = (64 + 32 * (number % 3), 64 + 32 * (number % 2))
        try Drawing.ramp(number, width, height, channels: 3).png().write(below: root, "\(stem).png")
        try Drawing.columns(0..<(folder == "normal" ? 0 : 0.25), width, height).png().write(below: root, "\(stem)_mask.png")
        if folder == "benign" { try Drawing.columns(0.875..<1, width, height).png().write(below: root, "\(stem)_mask_1.png") }
      }
    }
  }
}
