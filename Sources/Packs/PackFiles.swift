internal import Figures
internal import Foundation
internal import Foundations
internal import Reports
internal import RunStore

/// What the files of a pack are to each other.
enum PackFiles {
  static let numbers = "numbers.json"

  /// The folder of finished runs that the study no longer plans, of which a pack has what tells their recipe: each is a look at the
  /// test set.
  static let otherRuns = "other-runs"
  /// Folders of the study's output whose files are no run's.
  static let studyFolders = StudyFiles.folders

  /// The files that the numbers are computed from, where the study's output has them: only these, so that nothing else can change a
  /// number.
  static func runs(_ files: [String: Data], name: String) -> RunArchiveSource {
    var found: [String: Data] = [:]
    for (path, data) in files {
      guard let slash = path.firstIndex(of: "/") else { continue }
      switch String(path[..<slash]) {
      case "runs", otherRuns: found[String(path[path.index(after: slash)...])] = data
      case let folder where studyFolders.contains(folder): found[path] = data
      default: break
      }
    }
    return RunArchiveSource(found, name: name)
  }

  /// What follows from the numbers: themselves as JSON, the tables, the verdicts and the methods in words.
  static func derived(_ numbers: StudyNumbers) throws -> [String: Data] {
    var files = [Self.numbers: try numbers.json()]
    for table in numbers.tables { files["tables/\(fileName(table.label)).csv"] = Data(table.csv().utf8) }
    let all = numbers.analysis.verdicts
    let verdicts = numbers.verdictTasks.map { index in
      "\(all[index].task): \(all[index].statement)\n" + all[index].details.map { "  \($0)\n" }.joined()
    }
    files["verdicts.txt"] = Data(
      ((numbers.analysis.headline(numbers.verdictTasks).map { "\($0)\n" } ?? "") + verdicts.joined() + (numbers.analysis.unitSentence.map { "\($0)\n" } ?? "")).utf8)
    files["methods.txt"] = Data((numbers.methods + "\n").utf8)
    return files
  }

  /// A table's label may hold the name of a class.
  private static func fileName(_ label: String) -> String {
    String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "-" })
  }

  /// Where names stand as words in texts that people wrote or machines said: `study.yaml, line 3: ann`.
  static func places(of names: [String], in files: [String: Data]) -> [String] {
    // Shorter ones are words of everything, and root is everyone's.
    let wanted = names.filter { $0.count > 2 && $0 != "root" }
    guard !wanted.isEmpty else { return [] }
    let wantedAreASCII = wanted.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
    var found: [String] = []
    for path in files.keys.sorted() where !path.hasSuffix(".csv") && !path.hasSuffix(".jsonl") {
      guard let data = files[path] else { continue }
      // Almost no file has one, and words take a hundred times as long to part. Letters beyond ASCII can be spelled in two ways.
      guard !wantedAreASCII || wanted.contains(where: { data.range(of: Data($0.utf8)) != nil }) else { continue }
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        let words = line.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        for name in wanted where words.contains(Substring(name)) { found.append("\(path), line \(number + 1): \(name)") }
      }
    }
    return found
  }

  static func readme(_ study: String, _ maker: String) -> String {
    """
    The study "\(study)", packed for its readers by \(maker).

    numbers.json      every number of the study, computed from the predictions in runs/
    tables/, verdicts.txt, methods.txt   what follows from the numbers, in words
    runs/             one folder a run: predictions on the test and validation images, configuration (cell.json),
                      certificate of the weights it started from, environment, history, metrics
    groups/           which strata an image is of, such as sex or view, where the study groups them
    observers/        a second observer's masks of the test images against the first's, where there is one
    other-runs/       of finished runs with another recipe, which are looks at the same test images: configuration and times
    splits/           which image is in which part, where the study wrote it; audits/ and training-lists/ have what was found of test
                      images in training, and on lists of the images that weights were trained on
    study.yaml        the study; fingerprints.json stands for the data and weights that it names
    manifest.json     every file with its SHA-256

    Check it, with no GPU, no images and no weights:   medtransfer verify pack FILE

    """
  }
}
