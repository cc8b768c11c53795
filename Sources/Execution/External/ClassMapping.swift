import Foundation
import Foundations
public import RunStore

/// Which class of a run is which class of another test set.
///
/// Names that differ only in case, spaces, hyphens and underscores are the same. Anything else, such as “Effusion” and “Pleural
/// Effusion”, is a question of medicine and must be said.
public struct ClassMapping: Hashable, Sendable {
  /// In the order of the run's classes.
  public let pairs: [ExternalEvaluation.ClassPair]
  public let ofRunLeftOut: [String]
  public let ofTestSetLeftOut: [String]

  /// - Parameters:
  ///   - said: pairs that a person gave, which go before equal names.
  /// - Throws: `ExecutionError` for names that are not there, for a class that would be used twice, and where nothing fits.
  public init(ofRun: [String], ofTestSet: [String], said: [ExternalEvaluation.ClassPair]) throws {
    for pair in said {
      guard ofTestSet.contains(pair.ofTestSet) else { throw ExecutionError.noClass(pair.ofTestSet, of: "test set", known: ofTestSet) }
      guard ofRun.contains(pair.ofRun) else { throw ExecutionError.noClass(pair.ofRun, of: "run", known: ofRun) }
    }
    for (side, names) in [("run", said.map(\.ofRun)), ("test set", said.map(\.ofTestSet))] {
      if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        throw ExecutionError.classMappedTwice(twice, of: side)
      }
    }
    let taken = Set(said.map(\.ofTestSet))
    pairs = ofRun.compactMap { name in
      if let pair = said.first(where: { $0.ofRun == name }) { return pair }
      let same = ofTestSet.filter { !taken.contains($0) && Self.plain($0) == Self.plain(name) }
      return same.first.map { ExternalEvaluation.ClassPair(ofRun: name, ofTestSet: $0) }
    }
    let pairs = pairs
    guard !pairs.isEmpty else { throw ExecutionError.noSharedClass(ofRun: ofRun, ofTestSet: ofTestSet) }
    ofRunLeftOut = ofRun.filter { name in !pairs.contains { $0.ofRun == name } }
    ofTestSetLeftOut = ofTestSet.filter { name in !pairs.contains { $0.ofTestSet == name } }
  }

  /// `THEIRS=OURS`: the test set's class, then the run's.
  public static func pair(_ text: String) throws -> ExternalEvaluation.ClassPair {
    let words = text.split(separator: "=", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    guard words.count == 2, words.allSatisfy({ !$0.isEmpty }) else { throw ExecutionError.malformedPair(text) }
    return ExternalEvaluation.ClassPair(ofRun: words[1], ofTestSet: words[0])
  }

  private static func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }
}
