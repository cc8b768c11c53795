/// A checklist by which a study is reported, with what of each item a report of this program answers.
///
/// The topics of items are in this program's words; the paper has the authors' own, and explains them. A new checklist is one file and
/// one line of `ChecklistCatalog`.
public struct ReportingChecklist: Sendable {
  struct Item: Sendable {
    /// The item's number in the paper, such as `12` or `5a`.
    let number: String
    /// The part of a paper that it belongs to.
    let section: String
    /// What is to be told, in a few words of our own.
    let topic: String
    /// Where a report may answer it.
    let evidence: [ChecklistEvidence]
    /// What the author still has to tell where the report answers a part; nil where it answers all.
    let remaining: String?
  }

  /// The name on a command line and in file names.
  public let id: String
  public let title: String
  /// The paper, with its DOI.
  public let citation: String
  let items: [Item]
}

extension ReportingChecklist.Item {
  /// An item that no run can answer.
  static func author(_ number: String, _ section: String, _ topic: String) -> Self {
    Self(number: number, section: section, topic: topic, evidence: [], remaining: nil)
  }

  /// An item that the report answers, wholly or, with `remaining`, in part.
  static func run(_ number: String, _ section: String, _ topic: String, _ evidence: ChecklistEvidence..., remaining: String? = nil) -> Self {
    Self(number: number, section: section, topic: topic, evidence: evidence, remaining: remaining)
  }
}

/// A place of a report that answers an item.
struct ChecklistEvidence: Sendable {
  enum Place: Sendable {
    /// A file of the report's folder; a star stands for the rest of names of which there is one a task.
    case file(String)
    /// A key path of `numbers.json`, such as `settings.analysis.significance`.
    case numbers(String)
  }

  let place: Place
  /// What is there.
  let says: String
  /// A list of `numbers.json` and a key that at least one of its entries has a value of, without which the place says nothing of the kind.
  var needs: (list: String, key: String)? = nil

  /// The same where an entry of a list has a value of a key.
  func only(_ list: String, knows key: String) -> Self { Self(place: place, says: says, needs: (list, key)) }

  static func file(_ path: String, _ says: String) -> Self { Self(place: .file(path), says: says) }
  static func numbers(_ path: String, _ says: String) -> Self { Self(place: .numbers(path), says: says) }
}
