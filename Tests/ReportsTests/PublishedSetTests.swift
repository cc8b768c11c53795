import Foundation
import Foundations
import Testing

@testable import Reports

/// Where the reference that the numbers were taken from is there, each is compared with it.
private let referenceFile: URL = {
  let folder =
    ProcessInfo.processInfo.environment["MEDTRANSFER_REFERENCE"]
    ?? URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("shared/reference").path
  return URL(fileURLWithPath: folder).appendingPathComponent("published-results.csv")
}()

@Suite("The papers' numbers as they are carried")
struct PublishedSetTests {
  @Test("Every cell of every table is a value or a dash, and every row is as wide as its header")
  func everyCellIsRead() {
    for set in PublishedSet.all { for table in set.tables { #expect(table.unread.isEmpty, "\(table.name): \(table.unread)") } }
    #expect(PublishedSet.all.map(\.entries.count) == [135, 256, 26, 21, 105, 25, 22, 24, 115, 96])
    #expect(PublishedSet.all.flatMap(\.entries).allSatisfy { (50..<100).contains($0.value.mean) && ($0.value.standardDeviation ?? 0) < 6 })
  }

  @Test("The table of 2021 is, cell by cell, the file of results that is made of the same print")
  func tableIsTheFile() throws {
    let file = try ResultTable.read(PublishedMarksTests.file)
    let own = try ResultTable(PublishedSet.named("published-2021-domain-adaptation"))
    #expect(own.initializations == file.initializations)
    #expect(own.tasks.map(\.cells) == file.tasks.map(\.cells))
  }

  @Test(
    "Every line of the reference is here with its mean, spread and mark",
    .enabled(if: FileManager.default.fileExists(atPath: referenceFile.path)))
  func everyLine() throws {
    let tables = [
      "2021-table-domain-adaptation": PublishedTable.domainAdaptation2021, "2021-figure-1": .figure1of2021, "2021-figure-2": .figure2of2021,
      "2025-architectures": .architectures2025, "2025-granularity": .granularity2025, "2025-self-supervised": .selfSupervised2025,
      "2025-domain-adaptation-resnet50": .domainAdaptation2025, "2025-domain-adaptation-transformers": .transformers2025,
    ]
    let rows = try CSV.parse(TextFile.read(referenceFile)).rows
    #expect(rows.count == 428)
    for row in rows {
      let table = try #require(tables[row[0]], "\(row[0])")
      let value = table.value(row[1] == "Breast US" ? "USBreast" : row[1], row[2])
      #expect(value?.mean == Double(row[3]) && value?.standardDeviation == Double(row[4]), "\(row)")
      let mark =
        switch row[5] {
        case "B": "best"
        case "ns": "n.s."
        case ">***": "****"
        case "unmarked", "not applicable": ""
        case let text where text.contains("="): "p = " + (text.split(separator: "=").last ?? "")
        default: row[5]
        }
      // The marks of this one were read from the figure, after the file was made.
      if row[0] != "2025-domain-adaptation-transformers" { #expect((value?.marks.first?.text ?? "") == mark, "\(row)") }
    }
  }

  @Test("The whole of a paper takes the printed value before a figure's, and says where they differ")
  func preference() throws {
    let set = try PublishedSet.named("published-2021")
    let value = try #require(set.entry("DXC5", "ImageNet"))
    #expect(value.source == "2021, table 2" && value.value.mean == 87.10 && value.accuracy == 0.005)
    #expect(set.remarks.contains("ImageNet on DXC5 is 87.10 ± 0.36 in 2021, table 2 (taken) and 87.17 ± 0.21 in 2021, figure 2."))
    #expect(set.remarks.contains("Scratch on DXC5 is 86.60 ± 0.17 in 2021, table 2 (taken) and 86.62 ± 0.46 in 2021, figure 1."))
    #expect(set.tasks.count == 7 && set.initializations.count == 21)
    #expect(try PublishedSet.named("published-2025").entry("TXC", "ConvNeXt-B ImageNet->MIMIC")?.value.mean == 98.30)
    #expect(try PublishedSet.named("published-2025").entry("PXS", "ImageNet")?.value.mean == 67.95)
  }

  @Test("Analyzed, the whole paper finds the marks of its table as the table alone does")
  func marks() throws {
    let whole = try Analysis(ResultTable(PublishedSet.named("published-2021")))
    let alone = try Analysis(ResultTable(PublishedSet.named("published-2021-domain-adaptation")))
    #expect(whole.marks == alone.marks && alone.marks?.atCount(5)?.agreeing == 21 && alone.marks?.atCount(10)?.agreeing == 17)
  }

  @Test("An unknown set is refused with the nearest")
  func unknown() throws {
    do {
      _ = try PublishedSet.named("published-2012")
      Issue.record("found")
    } catch {
      #expect(sentence(for: error) == "There is no set of published numbers “published-2012”. Did you mean “published-2021”?")
    }
  }
}
