internal import Foundations

/// What `pictures/<task>/pictures.json` says of the pictures beside it: a few test images of a task, the same for every initialization,
/// chosen from the predictions of all its runs with the most training images. It is written last: without it there are none.
public struct TaskPictures: VouchedRecord, Hashable, Sendable {
  /// Why an image is among them.
  public enum Role: String, Codable, Sendable {
    /// By the mean over the initializations.
    case best, median, worst
    /// Where the initializations' means are farthest apart.
    case disagreement
  }

  /// A test image, and in a classification the class of it that is looked for.
  public struct Subject: Codable, Hashable, Sendable {
    public let roles: [Role]
    public let id: String
    public let className: String?
    /// The image with nothing over it: a PNG in the same folder.
    public let file: String

    public init(roles: [Role], id: String, className: String?, file: String) {
      (self.roles, self.id, self.className, self.file) = (roles, id, className, file)
    }
  }

  public struct Picture: Codable, Hashable, Sendable {
    /// A PNG in the same folder.
    public let file: String
    /// Of the run that is shown, as its `predictions.csv` has it: Dice, or the probability of the class.
    public let value: Double
    /// Why nothing is to be seen over the image; nil where something is.
    public let remark: String?

    public init(file: String, value: Double, remark: String?) {
      (self.file, self.value, self.remark) = (file, value, remark)
    }
  }

  /// What one initialization makes of the images.
  public struct Row: Codable, Hashable, Sendable {
    public let initialization: String
    /// Of the run that is shown, the median of the initialization's.
    public let seed: Int
    public let run: String
    /// One a subject: the mean over the initialization's seeds, by which the images were chosen.
    public let means: [Double]
    /// One a subject; empty where the run's weights are gone.
    public let pictures: [Picture]

    public init(initialization: String, seed: Int, run: String, means: [Double], pictures: [Picture]) {
      (self.initialization, self.seed, self.run, self.means, self.pictures) = (initialization, seed, run, means, pictures)
    }
  }

  public let task: String
  public let kind: RunExamples.Kind
  /// What the colors mean, for a caption.
  public let legend: String
  /// How the images were chosen, for a caption.
  public let rule: String
  /// Of the identities of the runs that the choice was made of: of other runs it may be another.
  public let basis: String
  public let runCount: Int
  public let subjects: [Subject]
  /// In the order of the study.
  public let rows: [Row]
  /// Of all that is stated above; nil in records of programs that made none.
  public internal(set) var checksum: String?

  public init(
    task: String, kind: RunExamples.Kind, legend: String, rule: String, basis: String, runCount: Int, subjects: [Subject], rows: [Row]
  ) {
    (self.task, self.kind, self.legend, self.rule) = (task, kind, legend, rule)
    (self.basis, self.runCount, self.subjects, self.rows) = (basis, runCount, subjects, rows)
    checksum = digestOfContent()
  }

  /// Raised when other images would be chosen, or drawn in another way.
  private static let revision = "medtransfer.pictures/1"

  /// What stands for a set of runs, in whatever order.
  public static func basis(of identities: [String]) -> String {
    Digest.sha256Hex(of: ([revision] + Set(identities).sorted()).joined(separator: "\n"))
  }

  public static func folder(of task: String) -> String { "\(StudyFiles.pictures)/\(task)" }
  public static func path(of task: String) -> String { "\(folder(of: task))/pictures.json" }

  /// What is kept of a task.
  ///
  /// - Returns: nil where nothing is.
  /// - Throws: `RunStoreError` for a file that cannot be understood.
  public static func read(_ task: String, from source: any RunSource) throws -> TaskPictures? {
    try StudyFiles.read(TaskPictures.self, at: path(of: task), from: source)
  }
}
