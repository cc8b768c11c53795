import ArgumentParser
import Foundation
import Foundations
import Reports

/// Puts the papers' values beside results, in every command that has results.
struct PublishedOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Put these published numbers beside the values here, such as published-2021.", valueName: "set"))
  var against: String?
  @Option(help: ArgumentHelp("What a task or initialization is called in the papers. May be given again.", valueName: "ours=theirs"))
  var match: [String] = []
  @Option(help: ArgumentHelp("What standard deviations as printed have in their denominator: n, or n-1 (the default).", valueName: "n|n-1"))
  var printedDeviations: String?

  /// The setting for every deviation that was printed.
  func deviations() throws -> PrintedDeviations { try printedDeviations.map { try PrintedDeviations(parsing: $0) } ?? .standard }

  /// - Parameters:
  ///   - margin: the largest difference that does not matter, in percentage points.
  ///   - significance: of the intervals and tests.
  ///   - names: what is known of the names of the results.
  func comparison(
    of table: ResultTable, margin: Double, significance: Double, names: PublishedNames = PublishedNames()
  ) throws -> PublishedComparison? {
    guard let against else {
      if !match.isEmpty { throw ValidationError("--match is for a comparison with published numbers: give --against too.") }
      if printedDeviations != nil, table.printedDeviations == nil {
        throw ValidationError("--printed-deviations is for numbers that were printed, and here are the runs themselves: give --against too, or leave it out.")
      }
      return nil
    }
    var names = names
    names.matches = try match.map { try PublishedNames.Match(parsing: $0) }
    return try PublishedComparison(table, against: .named(against), names: names, settings: .init(margin: margin, significance: significance, printedDeviations: deviations()))
  }
}

/// `medtransfer published`
struct PublishedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "published", abstract: "Shows the papers' numbers that results can be put beside.",
    subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the sets of published numbers.")

    func run() throws { Terminal.show(PublishedSet.listing.rendered(), terminator: "") }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows every value of a set, with its source and how exactly it is known.")

    @Argument(help: "The set, such as published-2021.")
    var set: String
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let set = try PublishedSet.named(set)
      if json {
        Terminal.show(String(decoding: try CanonicalJSON.encodePretty(set.entries), as: UTF8.self), terminator: "")
      } else {
        Terminal.show(set.terminalText(width: Terminal.outputWidth), terminator: "")
      }
    }
  }
}
