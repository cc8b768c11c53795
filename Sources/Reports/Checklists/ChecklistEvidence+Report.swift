/// What the files and numbers of a report answer, for several checklists.
extension ChecklistEvidence {
  // Data.
  static let parts = file("tables/data.csv", "images and patients of each part, and images left out")
  static let classes = file("tables/positives.csv", "images with each class, by part; uncertain and missing labels")
  static let splits = numbers("sections.\(DataAndTraining.id).tasks", "of each task the split: where its parts come from, its digest, counts, audits")
  static let partWords = file("methods.txt", "how the images are parted, and whether patients are")
  static let preparation = file("tables/training.csv", "size, normalization, interpolation and augmentation of images")
  static let leakFree = file("tables/leak-free.csv", "results without test images that are known from training")

  // Networks and training.
  static let recipe = file("tables/training.csv", "architecture, input, loss, optimizer, learning rate, epochs, batch, precision")
  static let runs = file("tables/training-runs.csv", "epochs, the best epoch, and times of the runs")
  static let learning = file("figures/learning-*.json", "the validation set by epoch")
  static let machines = file("tables/machines.csv", "processor, device, threads, and versions of the program and libtorch")
  static let origins = file("tables/initializations.csv", "what the runs started from: file, SHA-256, license, arrays filled")
  static let methods = file("methods.txt", "metrics, intervals, tests, corrections, and what they generalize to")
  static let choice = file("methods.txt", "which state of a network was tested, and how thresholds were fixed")
  static let single = file("results.csv", "each run alone: no ensemble")

  // Results.
  static let results = file("tables/results.csv", "mean and spread of each initialization on each task")
  static let everyRun = file("results.csv", "every metric of every run")
  static let comparisons = file("tables/comparisons.csv", "differences with intervals and corrected p-values")
  static let significance = numbers("settings.analysis.significance", "the level of significance")
  static let level = numbers("settings.analysis.generalization", "what differences are to hold for")
  static let patients = file("tables/patients-*.csv", "every metric with its interval over patients")
  static let seedsAndPatients = file("tables/seeds-and-patients.csv", "intervals for other seeds and other patients, and their parts")
  static let further = file("tables/metrics-*.csv", "further metrics")
  static let characteristics = file("figures/roc-*.json", "receiver operating characteristics")
  static let calibration = file("figures/calibration-*.json", "predicted probabilities against what was so")
  static let examples = file("figures/examples-*.tex", "pictures of single images: outlines, or where the networks look")
  static let external = numbers("sections.\(ExternalMatrix.id)", "results on other test sets")
  static let claims = numbers("sections.\(ClaimsSection.id)", "how probable it is that a claim of superiority is false")
  static let remarks = file("report.md", "remarks: runs that failed, files left out, looks at the test set, machines")
  static let numbersFile = file("numbers.json", "every number, which a reviewer's pack recomputes from the predictions")
}
