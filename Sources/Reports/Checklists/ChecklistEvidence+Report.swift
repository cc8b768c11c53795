/// What the files and numbers of a report answer, for several checklists.
extension ChecklistEvidence {
  /// What the report says of each task's data and training.
  private static let tasks = "sections.\(DataAndTraining.id).tasks"

  // Data.
  static let parts = file("tables/data.csv", "images and patients of each part, and images left out").only(tasks, knows: "split")
  static let classes = file("tables/positives.csv", "images with each class, by part; uncertain and missing labels")
  static let splits = numbers("sections.\(DataAndTraining.id).tasks", "of each task the split: where its parts come from, its digest, counts, audits").only(tasks, knows: "split")
  static let partWords = file("methods.txt", "how the images are parted, and whether patients are").only(tasks, knows: "split")
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
  static let decisions = file("tables/decisions-*.csv", "right and wrong decisions of each class at its threshold from the validation set")
  static let shares = file("tables/shares-*.csv", "sensitivity, specificity and predictive values with intervals over patients")
  static let calibration = file("figures/calibration-*.json", "predicted probabilities against what was so")
  static let calibrationTable = file("tables/calibration-*.csv", "calibration slope, intercept, O:E and the Brier score in parts")
  static let temperature = file("tables/temperature-*.csv", "calibration before and after a temperature that was fitted on validation")
  static let netBenefit = file("tables/net-benefit-*.csv", "net benefit beside acting on all and on none")
  static let subgroups = file("tables/subgroups-*.csv", "size, prevalence and performance of each group of patients, with intervals")
  static let groupDifferences = numbers("sections.\(SubgroupsSection.id)", "differences between groups, beside what chance gives")
  static let observers = file("tables/observers-*.csv", "how far a second observer agrees with the first, beside the networks")
  static let patientsNeeded = file("tables/seeds-and-patients.csv", "how many test patients an interval of a wanted width would need")
  static let looks = numbers("sections.\(DataAndTraining.id).tasks", "how often the test set was looked at, with which recipes")
  static let examples = file("figures/examples-*.tex", "pictures of single images: outlines, or where the networks look")
  static let external = file("tables/external.csv", "results on other test sets, and how far they fall")
  static let externalSets = file("tables/external-sets.csv", "what the other test sets are")
  static let claims = numbers("sections.\(ClaimsSection.id)", "how probable it is that a claim of superiority is false")
  static let remarks = file("report.md", "remarks: runs that failed, files left out, looks at the test set, machines")
  static let numbersFile = file("numbers.json", "every number, which a reviewer's pack recomputes from the predictions")
}
