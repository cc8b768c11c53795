internal import Foundation
internal import Foundations

extension ReviewerPack.Receipt {
  /// What is in the pack, what was taken out, and what a person should look at before it is given away.
  public func text(path: String) -> String {
    var lines = [
      "Packed \(counted(runCount, "run")) in \(counted(fileCount, "file")), \(spoken(bytes: byteCount)): \(path)", "SHA-256 \(sha256)",
    ]
    if shortenedPathCount > 0 {
      lines.append("Shortened to their last part: \(counted(shortenedPathCount, "path")) of this machine in \(counted(shortenedFileCount, "file")).")
    }
    if !leftOut.isEmpty { lines.append("Left out: \(leftOut.joined(separator: "; ")).") }
    lines.append(
      hidesPatients
        ? "Images and patients have other names in it. The salt stays in the study's output (\(PatientHiding.saltFile)): keep it to yourself."
        : "It names images and patients as the data do. For data that are not public, give --hide-patients.")
    lines += UncountedRun.text(uncounted)
    if !namesLeft.isEmpty {
      lines.append("Look at these before you give it away; they may name you or this machine:")
      lines += namesLeft.prefix(10).map { "  \($0)" }
      if namesLeft.count > 10 { lines.append("  … and \(namesLeft.count - 10) more") }
    }
    lines.append("Check it: medtransfer verify pack \(path)")
    return lines.joined(separator: "\n") + "\n"
  }
}
