public import Foundations
package import Imaging

/// A sample's truth on the pixels of its own file: what outlines and center lines are compared on.
public struct OriginalTruth: Sendable, Equatable {
  /// The structure, without what does not count; of several classes one mask each, in their order.
  public let masks: [RunLengthMask]
  /// The pixels that count; nil for all.
  public let counted: RunLengthMask?
  /// Nil where the image's file states none.
  public let spacing: PixelSpacing?

  /// The mask of a task that has one.
  public var mask: RunLengthMask { masks[0] }

  public init(mask: RunLengthMask, counted: RunLengthMask? = nil, spacing: PixelSpacing? = nil) {
    self.init(masks: [mask], counted: counted, spacing: spacing)
  }

  /// - Parameter masks: one at least, all of one size.
  public init(masks: [RunLengthMask], counted: RunLengthMask? = nil, spacing: PixelSpacing? = nil) {
    self.masks = masks
    self.counted = counted
    self.spacing = spacing
  }

  /// - Parameter classes: whose the mask's codes are; nil for one object.
  package init(_ mask: Mask, classes: MaskClasses? = nil, counted: Mask?, spacing: PixelSpacing?) {
    let ofEach = classes.map { classes in classes.names.indices.map { mask.ofClass($0, coding: classes.coding) } } ?? [mask]
    self.init(
      masks: ofEach.map { one in
        RunLengthMask(counted.map { counted in zip(one.values, counted.values).map { $0 & $1 } } ?? one.values, width: one.width)
      },
      counted: counted.map { RunLengthMask($0.values, width: $0.width) }, spacing: spacing)
  }
}

/// A mask as the lengths of its runs, so that those of large images may wait for their network's answers by the hundred.
public struct RunLengthMask: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Of background and structure in turns, from background, row by row.
  private let lengths: [UInt32]

  /// - Parameter values: 0 and 1, row by row.
  public init(_ values: [UInt8], width: Int) {
    self.width = width
    height = width > 0 ? values.count / width : 0
    var lengths = [UInt32](), current: UInt8 = 0, length: UInt32 = 0
    for value in values {
      if value != current {
        lengths.append(length)
        (current, length) = (value, 0)
      }
      length += 1
    }
    lengths.append(length)
    self.lengths = lengths
  }

  /// Whether each pixel is the structure's, row by row.
  public var pixels: [Bool] {
    var pixels = [Bool]()
    pixels.reserveCapacity(width * height)
    for (index, length) in lengths.enumerated() { pixels.append(contentsOf: repeatElement(!index.isMultiple(of: 2), count: Int(length))) }
    return pixels
  }
}

extension Sample {
  /// The truth as the files have it.
  ///
  /// - Parameters:
  ///   - mask: where it was read already, of the image's own size.
  ///   - image: where it was read already. It is read for its size alone, where the masks' files do not say it.
  package func originalTruth(mask: Mask?, image: PixelBuffer?) throws -> OriginalTruth {
    let classes = self.mask?.classes, mask = try mask ?? originalMask(image: image)
    let region = try evaluatedRegion.map { try $0.read(width: mask.width, height: mask.height, of: id) }
    let counted = try countedPixels(within: region, width: mask.width, height: mask.height)
    return OriginalTruth(mask, classes: classes, counted: counted, spacing: try self.image.pixelSpacing())
  }

  /// The pixels that count: those of a region, without what the mask's levels leave out; nil for all.
  package func countedPixels(within region: Mask?, width: Int, height: Int) throws -> Mask? {
    guard let ignored = try mask?.readIgnored() else { return region }
    let all = try Mask(width: width, height: height, values: [UInt8](repeating: 1, count: width * height))
    return try (region ?? all).subtracting((ignored.width, ignored.height) == (width, height) ? ignored : ignored.resized(width: width, height: height))
  }

  /// As above.
  package func originalMask(image: PixelBuffer? = nil) throws -> Mask {
    guard let mask else { throw DatasetsError.noMask(sample: id) }
    return try mask.read(
      size: {
        let picture = try image ?? self.image.read()
        return (picture.width, picture.height)
      }, of: id)
  }
}

extension ImageReference {
  /// How far apart its pixels are, as its first file states it; nil where it states none.
  package func pixelSpacing() throws -> PixelSpacing? {
    guard rawGeometry == nil, let plane = planes.first else { return nil }
    if case .item = plane.selection { return nil }
    return try ImageFile.pixelSpacing(plane.file, plane.selection, window: window)
  }
}
