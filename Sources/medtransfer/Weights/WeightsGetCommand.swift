import ArgumentParser
import Foundation
import Foundations
import Weights

/// `medtransfer weights get moco-v2`
struct WeightsGetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Downloads an entry's file from its publisher, going on where an earlier attempt stopped.",
    discussion: """
      The file lands whole or not at all; until then it is NAME.partial beside its place. Where the catalog or --sha256 \
      gives a checksum, the file must have it.
      """)

  @Argument(help: "The entry, such as moco-v2.")
  var id: String
  @Option(help: "The folder for the file.", completion: .directory)
  var to = "weights"
  @Option(help: "The SHA-256 that the file must have, or md5: and its MD5.")
  var sha256: String?
  @Option(help: "Another address of the same file: a mirror.")
  var from: String?

  @Option(help: "Give up after so many hours.")
  var hours = 24.0

  func validate() throws {
    if !(hours > 0 && hours.isFinite) { throw ValidationError("Give --hours a number above 0.") }
  }

  func run() throws {
    var limits = Download.Limits()
    limits.seconds = hours * 3600
    let folder = URL(fileURLWithPath: to)
    let downloads = try EntryDownload.make(id: id, folder: folder, mirror: from, checksum: sha256, limits: limits)
    try AtomicFile.makeFolder(folder)
    for download in downloads {
      let progress = ByteProgress(verb: "\(download.target.lastPathComponent):")
      let outcome: Download.Outcome
      do {
        defer { progress.end() }
        outcome = try download.run { progress.show($0.byteCount, of: $0.totalByteCount) }
      }
      if outcome.wasThere {
        Terminal.show("There already, with the right checksum: \(outcome.url.path)")
      } else {
        let resumed = outcome.resumedByteCount > 0 ? ", of which \(spoken(bytes: outcome.resumedByteCount)) were there before" : ""
        let checked = download.checksum.map { ", \($0) as published" } ?? ""
        Terminal.show("\(outcome.url.path): \(spoken(bytes: outcome.byteCount))\(resumed)\(checked)")
      }
      Terminal.show("SHA-256 \(outcome.sha256)")
    }
  }
}
