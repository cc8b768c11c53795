package import Foundation
public import Foundations

/// What is wrong with a data set: a table, a folder, a split, an image that does not fit its mask.
public struct DatasetsError: RemediedError, Equatable {
  public enum Code: String, Sendable, CaseIterable {
    case missingTable, missingLists, missingTrainingList, missingFolder, missingColumn, missingLabels, missingPatient, missingImages, missingMasks
    case noImages, notALabel, notAPart, notAPattern, unmatchedPattern, unsuitableSource
    case duplicateImage, ambiguousMask, sharedFolder, patientOverlap, emptyPart, unsuitableSubset, unsuitableFolds, unsuitableSplitFile, unsuitableGroups
    case sizeMismatch, unsuitableChannels, unsuitableSizes
    case noRoomForCache, unusableShard
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "datasets.\(kind.rawValue)" }

  /// Loading and Inspection speak of data sets too.
  package init(kind: Code, problem: String, remedy: String) {
    self.kind = kind
    self.problem = problem
    self.remedy = remedy
  }
}

/// The first three of many names, and how many more there are.
package func listed(_ names: [String]) -> String {
  if names.count > 3 { return firstFew(names) }
  return names.count > 1 ? names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1] : names.joined()
}

// MARK: Tables and folders that are not what the study says

extension DatasetsError {
  static func missingTable(_ path: String, others: [String] = []) -> DatasetsError {
    DatasetsError(
      kind: .missingTable,
      problem: "There is no table at \(path)\(others.isEmpty ? "" : ", nor one of \(listed(others)) beside it").",
      remedy: others.isEmpty
        ? "Correct `file`; a path in a study is relative to the study's own file." : "Correct `root`, or put the table there.")
  }

  package static func missingFolder(_ path: String, key: String) -> DatasetsError {
    DatasetsError(
      kind: .missingFolder, problem: "There is no folder at \(path).",
      remedy: "Correct `\(key)`; a path in a study is relative to the study's own file.")
  }

  static func missingColumn(_ name: String, table: String, columns: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingColumn, problem: "The table \(table) has no column “\(name)”.",
      remedy: columns.count > 40 ? "Choose one of its \(columns.count) columns: \(firstFew(columns, atMost: 10))." : suggestion(for: name, in: columns))
  }

  static func repeatedColumn(_ name: String, count: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingColumn, problem: "The table \(table) has \(count) columns “\(name)”, and nothing says which is meant.",
      remedy: "Rename or remove the others in the table.")
  }

  static func noLabels(table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "Nothing says which columns of \(table) are labels.",
      remedy: "Give `labelColumns`, or `labelListColumn` with `labels`.")
  }

  static func neverListed(_ label: String, column: String, table: String, present: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "No row of \(table) lists “\(label)” in its column “\(column)”.",
      remedy: suggestion(for: label, in: present))
  }

  static func unknownName(
    _ name: String, count: Int, column: String, line: Int, table: String, known: [String]
  ) -> DatasetsError {
    DatasetsError(
      kind: .notALabel,
      problem: "\(counted(count, "row")) of \(table) \(count == 1 ? "lists" : "list") a name that is not known in the column “\(column)”; the first is “\(name)” in line \(line).",
      remedy: "\(suggestion(for: name, in: known)) Or add it to `otherLabels`, the names that are no classes.")
  }

  static func noMaskColumn(table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "Nothing says which column of \(table) holds the masks.",
      remedy: "Give `maskColumn`.")
  }

  static func notOneLabel(count: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "A binary classification has one label and \(table) is read with \(count).",
      remedy: "Name one label, or set `kind: multiLabelClassification`.")
  }

  static func notOneClass(count: Int, total: Int, first id: String, classes: [String]) -> DatasetsError {
    DatasetsError(
      kind: .notALabel,
      problem:
        "\(count) of \(counted(total, "image")) \(count == 1 ? "is" : "are") not of exactly one class; the first, \(id), is of \(classes.isEmpty ? "none" : listed(classes)).",
      remedy: "Name every class, leave images of none or several out, or set `kind: multiLabelClassification`.")
  }

  static func absentClasses(_ classes: [String], total: Int) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "None of \(counted(total, "image")) is of the class \(listed(classes)).",
      remedy: "Correct the names of the classes, or leave out those that no image has.")
  }

  static func unsuitable(_ source: String, kind: String, instead: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "A task of kind \(kind) cannot be read from `\(source)`.",
      remedy: "Use \(instead), or another kind.")
  }

  static func notLabels(count: Int, first value: String, column: String, line: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .notALabel,
      problem:
        "\(counted(count, "label")) of \(table) \(count == 1 ? "is" : "are") not 0, 1 or empty; the first is “\(value)” in column “\(column)” of line \(line).",
      remedy: "Write 1 for present, 0 for absent and nothing for not known.")
  }

  static func notAPart(_ value: String, line: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .notAPart, problem: "Line \(line) of \(table) belongs to a part “\(value)”, which is none.",
      remedy: suggestion(for: value, in: DatasetPart.allCases.map(\.rawValue)))
  }

  /// - Parameter word: what stands there instead, such as “nan”.
  static func missingPatients(count: Int, line: Int, word: String = "", table: String) -> DatasetsError {
    let what = word.allSatisfy(\.isWhitespace) ? "" : ", which says “\(word)”"
    return DatasetsError(
      kind: .missingPatient,
      problem: "\(counted(count, "row")) of \(table) \(count == 1 ? "names" : "name") no patient, first line \(line)\(what).",
      remedy: "Fill the column in, or leave `patientColumn` out if every image is of another patient.")
  }
}

// MARK: Files

extension DatasetsError {
  /// - Parameter hint: what to do, where it is known how the names are to be spelled.
  package static func missingImages(_ names: [String], total: Int, root: String, isKeepingPresent: Bool, hint: String? = nil) -> DatasetsError {
    DatasetsError(
      kind: .missingImages,
      problem: "\(names.count) of \(counted(total, "image")) \(names.count == 1 ? "is" : "are") not in \(root): \(listed(names)).",
      remedy: hint
        ?? (names.allSatisfy { $0.hasPrefix("/") }
          ? "Set `removedPathPrefixes` to what stands before the part below `imageRoot`: the table names files by their place on another machine."
          : isKeepingPresent
            ? "Correct `imageRoot` or `pathColumn`."
            : "Correct `imageRoot`, or set `rows: present` to keep only the rows whose image is there."))
  }

  static func missingMasks(_ names: [String], total: Int, root: String, whose mask: String = "mask") -> DatasetsError {
    DatasetsError(
      kind: .missingMasks,
      problem: "\(names.count) of \(counted(total, "image")) \(names.count == 1 ? "has" : "have") no \(mask) in \(root): \(listed(names)).",
      remedy: "Add the masks, or correct the folder, the column or the pairing.")
  }

  static func noImages(folder: String, formats: [String]) -> DatasetsError {
    DatasetsError(
      kind: .noImages, problem: "The folder \(folder) holds no image.",
      remedy: "Point to a folder with files that end in one of: \(formats.joined(separator: ", ")).")
  }

  static func ambiguousMask(_ first: String, _ second: String, stem: String) -> DatasetsError {
    DatasetsError(
      kind: .ambiguousMask, problem: "Both \(first) and \(second) could be the mask of “\(stem)”.",
      remedy: "Keep one of them in the folder, or choose the other `pairing`.")
  }

  static func duplicateImages(_ names: [String], table: String) -> DatasetsError {
    DatasetsError(
      kind: .duplicateImage,
      problem: "\(counted(names.count, "image")) \(names.count == 1 ? "is" : "are") in \(table) more than once: \(listed(names)).",
      remedy: "Keep one row an image.")
  }

  static func ambiguousImages(_ first: String, _ second: String, stem: String) -> DatasetsError {
    DatasetsError(
      kind: .duplicateImage, problem: "Both \(first) and \(second) would take the mask of “\(stem)”.",
      remedy: "Keep one of them in the folder, or choose the other `pairing`.")
  }

  static func noClassFolder(_ positive: String, folder: String, present: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingFolder, problem: "The folder \(folder) has no subfolder “\(positive)”.",
      remedy: suggestion(for: positive, in: present))
  }

  static func tooFewClassFolders(_ present: [String], folder: String) -> DatasetsError {
    DatasetsError(
      kind: .missingFolder, problem: "The folder \(folder) has \(present.isEmpty ? "no subfolder" : "one subfolder, “\(present[0])”").",
      remedy: "Give a folder with one subfolder a class.")
  }

  static func oneClassFolder(_ positive: String, folder: String) -> DatasetsError {
    DatasetsError(
      kind: .missingFolder, problem: "The folder \(folder) has no subfolder besides “\(positive)”.",
      remedy: "Add a subfolder with the images that are labeled 0.")
  }
}

// MARK: Patients and parts

extension DatasetsError {
  static func notAPattern(_ pattern: String) -> DatasetsError {
    DatasetsError(
      kind: .notAPattern, problem: "The pattern “\(pattern)” is not a regular expression.",
      remedy: "Correct `patientPattern`; its first group is the patient, as in person(\\d+)_.")
  }

  static func noGroup(_ pattern: String) -> DatasetsError {
    DatasetsError(
      kind: .notAPattern, problem: "The pattern “\(pattern)” has no group.",
      remedy: "Put the part of `patientPattern` that is the patient in parentheses, as in person(\\d+)_.")
  }

  package static func unmatched(_ names: [String], total: Int, pattern: String) -> DatasetsError {
    DatasetsError(
      kind: .unmatchedPattern,
      problem: "\(names.count) of \(counted(total, "file name")) \(names.count == 1 ? "does" : "do") not match “\(pattern)”: \(listed(names)).",
      remedy: "Extend `patientPattern`, for example with an alternative after a vertical bar.")
  }

  static func sharedFolder(_ first: DatasetPart, _ second: DatasetPart, folder: String) -> DatasetsError {
    DatasetsError(
      kind: .sharedFolder, problem: "The \(first) part and the \(second) part are the same folder, \(folder).",
      remedy: "Give each part its own folder, or leave one out to have it carved from the training images.")
  }

  static func patientOverlap(_ patients: [String], _ first: DatasetPart, _ second: DatasetPart) -> DatasetsError {
    DatasetsError(
      kind: .patientOverlap,
      problem:
        "\(counted(patients.count, "patient")) \(patients.count == 1 ? "has" : "have") images both in the \(first) part and in the \(second) part: \(listed(patients)).",
      remedy: "Move all images of a patient to one part, or correct how patients are recognized.")
  }

  package static func emptyPart(_ part: DatasetPart, carvedFrom count: Int?) -> DatasetsError {
    let problem = "The \(part) part holds no image"
    guard let count else {
      return DatasetsError(kind: .emptyPart, problem: problem + ".", remedy: "Add images to it, or name another source for it.")
    }
    return DatasetsError(
      kind: .emptyPart, problem: problem + " after it was carved from \(counted(count, "image")).",
      remedy: "Change its fraction under `split`, give it a source of its own, or add images of more patients.")
  }
}

// MARK: Split files

extension DatasetsError {
  static func missingSplitFile(_ path: String) -> DatasetsError {
    DatasetsError(
      kind: .missingTable, problem: "There is no split file at \(path).",
      remedy: "Correct `file` under `split`, or write one with: medtransfer tasks split.")
  }

  package static func missingTrainingList(_ file: URL) -> DatasetsError {
    DatasetsError(
      kind: .missingTrainingList, problem: "There is no list of training images at \(file.path).",
      remedy: "Correct `trainingImages`, or remove it; a path in a study is relative to the study's own file.")
  }

  package static func emptyTrainingList(_ file: URL) -> DatasetsError {
    DatasetsError(
      kind: .missingTrainingList, problem: "The list of training images \(file.path) names no image.",
      remedy: "Give a table with one row an image, or a text with one image a line.")
  }

  static func repeatedInSplit(_ ids: [String], file: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSplitFile, problem: "The split file \(file) names \(counted(ids.count, "image")) twice: \(listed(ids)).",
      remedy: "Give every image one row.")
  }

  static func splitMismatch(file: String, missing: [String], strangers: [String]) -> DatasetsError {
    var words = [String]()
    if !missing.isEmpty {
      words.append("has no row for \(counted(missing.count, "image")) of the data: \(listed(missing))")
    }
    if !strangers.isEmpty {
      words.append("names \(counted(strangers.count, "image")) that the data do not have: \(listed(strangers))")
    }
    return DatasetsError(
      kind: .unsuitableSplitFile, problem: "The split file \(file) \(words.joined(separator: ", and ")).",
      remedy: "Use the split file of this very data set; a path there is an image's id as `medtransfer tasks split` writes it.")
  }
}

// MARK: Subsets

extension DatasetsError {
  static func tooSmallSubset(_ fraction: String, of count: Int, kept: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSubset,
      problem: "\(fraction) of \(counted(count, "training image")), by whole patients, is \(kept == 0 ? "none" : counted(kept, "image")).",
      remedy: "Use a larger `fraction`; a training needs at least 2 images.")
  }

  static func oneSidedSubset(_ fraction: String, of count: Int, kept: Int, classes: [String]) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSubset,
      problem:
        "\(fraction) of \(counted(count, "training image")) is \(counted(kept, "image")) that \(classes.count == 1 ? "all have the same label for \(listed(classes))" : "differ in no class of \(listed(classes))").",
      remedy: "Use a larger `fraction`, or another `seed` under `split`.")
  }
}

// MARK: Lists

extension DatasetsError {
  static func missingLists(_ sets: [[String]]) -> DatasetsError {
    DatasetsError(
      kind: .missingLists, problem: "The lists that divide the images into parts are not there.",
      remedy: "Put \(sets.map(listed).joined(separator: ", or ")) beside the table.")
  }

  static func listedTwice(_ names: [String], lists: [String]) -> DatasetsError {
    DatasetsError(
      kind: .duplicateImage,
      problem: "\(counted(names.count, "image")) \(names.count == 1 ? "is" : "are") more than once in \(listed(lists)): \(listed(names)).",
      remedy: "Keep each image in one list, once.")
  }

  static func unlisted(_ names: [String], total: Int, lists: [String]) -> DatasetsError {
    DatasetsError(
      kind: .notAPart,
      problem: "\(names.count) of \(counted(total, "image")) \(names.count == 1 ? "is" : "are") in none of \(listed(lists)): \(listed(names)).",
      remedy: "Give the lists that belong to these images.")
  }

  static func listedButAbsent(_ names: [String], total: Int, lists: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingImages,
      problem: "\(names.count) of \(counted(total, "image")) of \(listed(lists)) \(names.count == 1 ? "is" : "are") not there: \(listed(names)).",
      remedy: "Complete the copy, or set `rows: present` to keep only the images that are there.")
  }

  package static func unlabeled(_ names: [String], total: Int, pattern: String) -> DatasetsError {
    DatasetsError(
      kind: .unmatchedPattern,
      problem: "\(names.count) of \(counted(total, "file name")) \(names.count == 1 ? "does" : "do") not match “\(pattern)”: \(listed(names)).",
      remedy: "Correct `labelPattern`, or move other images out of the folder.")
  }
}

// MARK: Images

extension DatasetsError {
  package static func sizeMismatch(sample: String, image: (Int, Int), mask: (Int, Int)) -> DatasetsError {
    DatasetsError(
      kind: .sizeMismatch,
      problem: "The image \(sample) has \(image.0) × \(image.1) pixels and its mask has \(mask.0) × \(mask.1).",
      remedy: "Give the mask that belongs to the image, in the same size.")
  }

  package static func unsuitableChannels(_ count: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableChannels, problem: "A network input of \(count) channels cannot be made from an image.",
      remedy: "Set `inputChannels` to 3 or 1.")
  }

  package static func unsuitableNormalization(mean: Int, standardDeviation: Int, channels: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableChannels,
      problem: "The normalization has \(mean) means and \(standardDeviation) standard deviations for \(counted(channels, "channel")).",
      remedy: "Give one mean and one standard deviation a channel.")
  }

  package static func unsuitableSizes(input: Int, resize: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSizes,
      problem: "A crop of \(input) × \(input) pixels does not fit an image resized to \(resize) × \(resize).",
      remedy: "Set `inputSize` to at least 1 and `resizeSize` to at least `inputSize`.")
  }

  package static func noMask(sample: String) -> DatasetsError {
    DatasetsError(
      kind: .missingMasks, problem: "The image \(sample) has no mask.",
      remedy: "Give the task a source with masks.")
  }
}
