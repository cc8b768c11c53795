internal import Containers
internal import Foundations
internal import Vocabulary
internal import Weights

extension WeightsList.Entry {
  /// Everything on the entry and the lines that put it into a study, for a terminal.
  public var terminalText: String {
    var lines = [(String, String)]()
    lines.append(("Method", method == "none" ? "drawn from the seed of each run" : method))
    if !trainedOn.isEmpty { lines.append(("Trained on", trainedOn.joined(separator: ", then "))) }
    lines.append(("Architecture", architecture))
    if let file {
      lines.append(("File", file.name))
      if let container { lines.append(("Container", container.description)) }
      if let checksum = file.checksum { lines.append(("Checksum", checksum)) }
      if let address = file.address { lines.append((file.isDirect ? "Address" : "Page", address)) }
      if let note = file.note { lines.append(("Note", note)) }
      lines.append(("Get it", wayToGet(file)))
    }
    if let list = trainingImages { lines.append(("Training images", "\(list.words). \(list.note) As trainingImages: in a study it shows test images that are on it.")) }
    if let preprocessing { lines.append(("Images", preprocessing.terminalText)) }
    lines.append(("Arithmetic", arithmeticAsTrained?.terminalText ?? "another than torchvision's, which is not offered: torchvision's is computed"))
    if let remark { lines.append(("Remark", remark)) }
    if let linearAccuracy { lines.append(("Linear accuracy", "\(fixed(linearAccuracy, 1)) % top-1 on ImageNet, as published")) }
    lines.append(("Paper", paper))
    if file != nil { lines.append(("License", license)) }
    if let verification { lines.append(("Layout", verification.terminalText)) }
    return "\(id): \(title)\n\n" + labeled(lines) + "\nIn a study:\n\n" + studyLines + "\n"
  }

  private func wayToGet(_ file: WeightsEntry.File) -> String {
    switch (file.address, file.isDirect) {
    case (_?, true): "medtransfer weights get \(id)"
    case (_?, false): "with a browser from the page above"
    case (nil, _): "from its authors"
    }
  }

  private var studyLines: String {
    guard let file else { return "initializations:\n  \(id): random\n" }
    // A name with signs that mean something in YAML is quoted.
    let isPlain = file.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    let path = isPlain ? "weights/\(file.name)" : "\"weights/\(file.name)\""
    var text = "initializations:\n  \(id): {entry: \(id), weights: \(path)}\n"
    if let arithmeticAsTrained, arithmeticAsTrained != .torchvision {
      text += "  \(id)-as-trained: {entry: \(id), weights: \(path), arithmetic: asTrained}\n"
    }
    return text
  }
}

extension PreprocessingCard {
  /// One line: what is done to an image.
  var terminalText: String {
    let numbers = { (values: [Double]) in values.map { significant($0, 6) }.joined(separator: ", ") }
    let channels = inputChannels == 1 ? "gray" : inputChannels == 3 ? "RGB" : "\(inputChannels) channels"
    let isRaw = mean.allSatisfy { $0 == 0 } && standardDeviation.allSatisfy { $0 == 1 }
    let scale = isRaw ? "0…1 as it is" : "mean \(numbers(mean)), standard deviation \(numbers(standardDeviation))"
    return "\(channels), \(interpolation.rawValue), \(scale)"
  }
}

extension Arithmetic {
  var terminalText: String {
    switch self {
    case .torchvision: "torchvision's"
    case .samePooling: "as trained: max pooling padded as TensorFlow's SAME; torchvision's unless a study says asTrained"
    case .same: "as trained: strided convolutions and max pooling padded as SAME; torchvision's unless a study says asTrained"
    case .keras: "as trained: a block strides in its first 1 × 1 convolution, ε 1.001e-5; torchvision's unless a study says asTrained"
    }
  }
}

extension WeightsEntry.Verification {
  var terminalText: String {
    switch self {
    case .fromCode: "known: read in the code that wrote or reads the file"
    case .unverified: "unverified: follows from descriptions; a file that differs is refused"
    }
  }
}
