internal import CImageKernels

/// Samples of one channel within a region of lent pixels, or a plane of numbers.
struct ResamplingSource {
  fileprivate var kernel: kernels_source

  /// A channel of a region, which lies within the view.
  init(_ view: PixelView, channel: Int, region: Region) {
    let first = ((region.y * view.width + region.x) * view.channels + channel) * view.bytesPerSample
    kernel = kernels_source(
      first: view.bytes.baseAddress.map { $0 + first }, kind: Int32(view.bytesPerSample == 1 ? KERNELS_BYTES : KERNELS_WORDS),
      step: view.channels, row_step: view.width * view.channels, width: region.width, height: region.height,
      maximum: Float(view.maximum))
  }

  init(plane: UnsafePointer<Float>, width: Int, height: Int) {
    kernel = kernels_source(
      first: plane, kind: Int32(KERNELS_FLOATS), step: 1, row_step: width, width: width, height: height, maximum: 1)
  }

  /// Writes every sample / maximum.
  func convert(into target: UnsafeMutablePointer<Float>) {
    var source = kernel
    kernels_convert(&source, target)
  }

  /// Writes the weighted sums, rows first.
  func resample(rows: AxisWeights, columns: AxisWeights, into target: UnsafeMutablePointer<Float>) throws {
    var source = kernel
    let isDone = rows.withKernel { rows in
      columns.withKernel { columns in
        var (rows, columns) = (rows, columns)
        return kernels_resample(&source, &rows, &columns, target)
      }
    }
    guard isDone != 0 else {
      throw ImagingError.geometry(
        "There is no memory to resize an image of \(kernel.width) × \(kernel.height) pixels.", remedy: "Use fewer loader threads.")
    }
  }
}

extension AxisWeights {
  fileprivate func withKernel<Result>(_ body: (kernels_axis) -> Result) -> Result {
    starts.withUnsafeBufferPointer { starts in
      weights.withUnsafeBufferPointer { weights in
        body(kernels_axis(count: starts.count, taps: taps, starts: starts.baseAddress, weights: weights.baseAddress))
      }
    }
  }
}

extension FloatImage {
  /// All of some lent pixels brought to another size.
  public init(_ view: PixelView, resizedTo size: (width: Int, height: Int), filter: ResizeFilter = .bilinearAntialiased) throws {
    let whole = Region(x: 0, y: 0, width: view.width, height: view.height)
    try self.init(view, region: whole, resizedTo: size, filter: filter)
  }

  /// A region of lent pixels brought to another size: as `FloatImage(view, region:)` and `resized` one after the other, to the bit,
  /// without the numbers between them.
  public init(
    _ view: PixelView, region: Region, resizedTo size: (width: Int, height: Int), filter: ResizeFilter = .bilinearAntialiased
  ) throws {
    try region.requireInside(width: view.width, height: view.height)
    try requireSize(width: size.width, height: size.height)
    guard filter == .bilinear || filter == .bilinearAntialiased, size != (region.width, region.height) else {
      self = try FloatImage(view, region: region).resized(width: size.width, height: size.height, filter: filter)
      return
    }
    let columns = AxisWeights(input: region.width, output: size.width, filter: filter)
    let rows = AxisWeights(input: region.height, output: size.height, filter: filter)
    let plane = size.width * size.height
    let values = try [Float](unsafeUninitializedCapacity: plane * view.colorChannels) { target, filled in
      if let start = target.baseAddress {
        for channel in 0..<view.colorChannels {
          try ResamplingSource(view, channel: channel, region: region)
            .resample(rows: rows, columns: columns, into: start + channel * plane)
        }
        filled = plane * view.colorChannels
      }
    }
    self.init(width: size.width, height: size.height, channels: view.colorChannels, trusted: values)
  }
}
