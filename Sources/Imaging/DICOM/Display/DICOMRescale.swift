/// From stored samples to modality units (PS3.3 section C.11.1).
struct DICOMRescale {
  let table: LookupTable?
  let slope: Double
  let intercept: Double
  let remarks: [ImageRemark]

  init(_ dataset: DICOMDataset, header: DICOMHeader, frame: Int) throws {
    table = try dataset.tables(.modalityLUTSequence).first.map {
      try LookupTable($0, descriptor: .lutDescriptor, data: .lutData, isSigned: header.isSigned, named: "modality LUT")
    }
    let group = try DICOMFunctionalGroups(dataset, frame: frame).transformation
    (slope, intercept) = try Self.line(group)
    let isZero = group.attempted(.rescaleSlope).first?.number == 0
    remarks = isZero && table == nil ? [ImageRemark(.zeroSlope, "its rescale slope is 0, which counts as 1")] : []
  }

  /// Slope and intercept. A slope of 0, which the standard does not allow and which would make every sample the same, counts as 1, as in
  /// NIfTI. One that is no number is an error: nothing tells what the samples mean then.
  static func line(_ group: DICOMDataset) throws -> (slope: Double, intercept: Double) {
    let slope = try group.numbers(.rescaleSlope, named: "rescale slope").first ?? 1
    return (slope == 0 ? 1 : slope, try group.numbers(.rescaleIntercept, named: "rescale intercept").first ?? 0)
  }

  var isIdentity: Bool { table == nil && slope == 1 && intercept == 0 }

  func callAsFunction(_ stored: Double) -> Double {
    table.map { Double($0[stored]) } ?? stored * slope + intercept
  }
}
