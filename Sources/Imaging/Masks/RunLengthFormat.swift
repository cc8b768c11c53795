/// How a mask is written as runs of pixels. All formats go down the columns, the leftmost first.
public enum RunLengthFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// Pairs of a gap from the end of the run before, and the run's length: the SIIM-ACR Pneumothorax table.
  case relativePairs
  /// Pairs of a run's first pixel, counted from 1, and its length: most Kaggle competitions.
  case absolutePairs
  /// Lengths of background and object in turn, background first: COCO's uncompressed `counts`.
  case counts
  /// The same as differences in printable letters: COCO's compressed `counts`.
  case compressedCounts
}
