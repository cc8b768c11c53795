public import Foundation
public import Loading
public import Metrics
public import Studies
public import Training

/// What happens while a plan is carried out, for whoever watches.
public enum ExecutionEvent: Sendable {
  /// A cell is being prepared: its data listed, its weights loaded.
  case started(Cell, position: CellPosition, resumedAfterStep: Int?)
  case news(Cell, TrainingNews)
  /// A network is asked for its features, which a head is then made of.
  case features(Cell, done: Int, count: Int)
  /// The images of a task are being decoded into the cache.
  case caching(task: String, CacheProgress)
  case finished(Cell, headline: [String: MetricValue], seconds: Double, brokenFiles: Int)
  /// The cell's run failed with this sentence; the study goes on.
  case failed(Cell, position: CellPosition, problem: String)
  /// The cell's run had ended and is made anew, for this reason.
  case madeAnew(Cell, reason: String)
  /// Something the person should know of the cell's run.
  case remark(Cell, String)
  /// A task's images are in other parts than when the study last ran; the table of that split is kept here.
  case splitChanged(task: String, kept: URL)
  /// Test images are on the list of the images that weights were trained on; in a sentence.
  case onTrainingList(String)
  /// Something else had the name of a file or folder of the study and is aside now; in a sentence.
  case madePlace(String)
  /// What a reader must know of the weights that an initialization starts from; in a sentence.
  case aboutWeights(initialization: String, String)
  /// Something the person should know of the pictures that a task's runs share; in a sentence.
  case aboutPictures(task: String, String)
  /// Another process is at this cell: who, in words, as far as that is known.
  case standsBack(Cell, holder: String?)
  /// Another process took the cell over from this one, which stopped before it wrote anything more.
  case lost(Cell, reason: String)
  /// The run that this cell's weights come from is not finished.
  case waits(Cell, for: Cell)
}

/// Which cell of how many that were not finished at the start.
public struct CellPosition: Sendable {
  public let number: Int
  public let count: Int

  public init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }
}

/// What carrying out a plan came to.
public struct ExecutionSummary: Sendable, Equatable {
  public var finishedBefore = 0
  public var finishedNow = 0
  public var failed = 0
  /// Cells that another process is at, or that wait for such a cell.
  public var elsewhere = 0
  /// Times that a network was asked for the features of images that had none yet, and those images.
  public var featurePasses = 0
  public var featureImages = 0

  public init() {}
}
