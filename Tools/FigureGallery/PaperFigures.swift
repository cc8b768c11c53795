import Figures
import Reports
import Studies

/// The figures and tables of the 2021 and 2025 papers, drawn from the published numbers.
struct PaperFigures {
  let published: Published

  private static let titles = [
    "DXC14": "Fourteen thorax diseases classification (DXC14)", "DXC5": "Five thorax diseases classification (DXC5)",
    "TXC": "Tuberculosis detection (TXC)", "ECC": "Pulmonary embolism detection (ECC)", "PXS": "Pneumothorax segmentation (PXS)",
    "LXS": "Lung segmentation (LXS)", "VFS": "Blood vessels segmentation (VFS)", "HXS": "Heart segmentation (HXS)",
    "CXS": "Clavicle segmentation (CXS)",
  ]

  private func title(_ task: String) -> String { Self.titles[task] ?? task }
  private func axis(_ task: String) -> String { task.hasSuffix("S") ? "Dice, %" : "AUC, %" }
  private func estimate(_ value: PublishedValue?) -> Estimate? { value.map { Estimate($0.mean, error: $0.standardDeviation) } }
  private func pValue(_ value: PublishedValue?) -> String? {
    value?.marks.compactMap { if case .p(let text) = $0 { "p = \(text)" } else { nil } }.first
  }

  /// 2021, table 1: the tasks, as this program has them built in.
  var table1: ReportTable {
    var table = ReportTable(
      title: "2021, table 1: the tasks", caption: "The tasks of the paper that are built in.", label: "tasks",
      columns: [.init("Code"), .init("Task"), .init("Modality"), .init("Data set")])
    let codes = ["DXC14", "DXC5", "VFS", "PXS", "LXS", "TXC", "ECC"]
    for task in codes.compactMap({ code in BuiltInTaskCatalog.all.first { $0.name == code } }) {
      table.append([.init(task.name), .init(task.title), .init(task.modality.rawValue), .init(task.dataset)])
    }
    return table
  }

  /// 2021, figure 1.
  var figure1: Figure {
    let source = "published-2021-figure-1"
    let tasks = ["PXS", "VFS", "LXS", "DXC14", "DXC5", "TXC", "ECC"].map { task in
      let names = ["Scratch", "ImageNet", "iNat2021"]
      let lines = names.map { published.value(source, task, $0) }
      let label = pValue(lines[2])
      return Bars.Task(
        title: title(task), axisTitle: axis(task), groups: [.init("", lines.map(estimate))],
        brackets: label.map { [.init(from: .init(series: 1), to: .init(series: 2), label: $0)] } ?? [])
    }
    return Bars(
      labels: .init(
        id: "2021-figure-1", title: "2021, figure 1: supervised ImageNet and iNat2021",
        caption: "Mean and standard deviation; p as printed."),
      series: [.init("Scratch", .bar(0)), .init("ImageNet", .bar(1)), .init("iNat2021", .bar(2))], tasks: tasks
    ).figure()
  }

  /// 2021, figure 2. The baselines are the lines and bands of the figure itself.
  var figure2: Figure {
    let source = "published-2021-figure-2"
    let baseline = "ImageNet"
    let methods = published.initializations(source).filter { $0 != baseline }
    let tasks = published.tasks(source).map { task in
      NumberedBars.Task(
        title: title(task), axisTitle: axis(task), baseline: estimate(published.value(source, task, baseline)),
        bars: methods.map { method in
          let line = published.value(source, task, method)
          return estimate(line).map { .init($0, mark: line?.marks.first?.drawn ?? .none) }
        })
    }
    return NumberedBars(
      labels: .init(
        id: "2021-figure-2", title: "2021, figure 2: fourteen self-supervised ImageNet models against supervised ImageNet",
        notes: ["Without a mark: significantly worse than supervised ImageNet."]),
      baseline: "Supervised ImageNet", methods: methods, tasks: tasks
    ).figure()
  }

  /// 2021, table 2.
  var table2: ReportTable {
    let source = "published-2021-domain-adaptation"
    let tasks = published.tasks(source)
    var table = ReportTable(
      title: "2021, table 2: domain-adaptive pre-training",
      caption: "Mean ± standard deviation in %; independent t-test against the best, α = 0.05, as published.",
      label: "domain-adaptation",
      columns: [.init("Initialization")] + tasks.map { .init($0, .right) })
    for name in published.initializations(source) {
      table.append(
        [.init(name)]
          + tasks.map { task in
            let line = published.value(source, task, name)
            return .init(
              estimate(line)?.text(decimals: 2) ?? ReportTable.notApplicable, isBold: line?.marks.contains(.best) == true,
              isShaded: line?.marks.contains(.best) == true || line?.marks.contains(.equivalent) == true)
          })
    }
    return table
  }

  /// 2025, architectures. Parameters and ImageNet accuracies are public facts on the models.
  var architectures: Figure? {
    let analysis = try? Analysis(ResultTable(.named("published-2025-architectures")), AnalysisSettings())
    return analysis?.architecturesFigure(
      .init(id: "2025-architectures", title: "2025: architectures over tasks", caption: "AUC or Dice in %, supervised ImageNet-1K."))
  }

  /// 2025, annotation efficiency: the same numbers, size-matched, tasks ordered by training images.
  var sizeMatched: Figure {
    let source = "published-2025-architectures"
    let tasks = [
      ("CXS", "Clavicle, 124 images"), ("TXC", "Tuberculosis, 529 images"), ("PXS", "Pneumothorax, 8K images"),
      ("DXC14", "Thorax-14, 86K images"),
    ]
    let classes = [
      ("Tiny: 22 to 29 million parameters", ["ConvNeXt-T", "Swin-T", "DeiT-S"]),
      ("Base: 86 to 89 million parameters", ["ConvNeXt-B", "Swin-B", "DeiT-B"]),
    ]
    return HorizontalBars(
      labels: .init(id: "2025-size-matched", title: "2025: models of one size, tasks by training images"),
      axisTitle: "AUC or Dice, %",
      classes: classes.map { title, models in
        .init(
          title: title, series: models,
          groups: tasks.map { code, name in
            let values = models.map { published.value(source, code, $0)?.mean }
            let difference = values[0].flatMap { first in values[1].map { first - $0 } }
            return .init(name, bars: values.map { $0.map { Estimate($0) } }, difference: difference.map { rounded($0) })
          })
      }, differenceMeaning: "ConvNeXt minus Swin"
    ).figure()
  }

  private func rounded(_ value: Double) -> String { (value > 0 ? "+" : "") + "\((value * 100).rounded() / 100)" }

  /// 2025, amount of labels: printed in the figure.
  var dataSize: Figure {
    let differences = PublishedDifference.dataSize2025
    let categories = differences.map { "\($0.labeledImages)K (\($0.data))" }
    return DifferenceBars(
      labels: .init(id: "2025-data-size", title: "2025: Swin against ConvNeXt by labeled images"), categories: categories,
      categoryTitle: "Labeled images", axisTitle: "AUC of Swin − AUC of ConvNeXt, %",
      series: [
        .init("From ImageNet", values: differences.map { .init(Estimate($0.fromImageNet), mark: $0.mark.drawn) }),
        .init("From scratch", values: differences.map { .init(Estimate($0.fromScratch)) }),
      ]
    ).figure()
  }

  /// 2025, granularity of the pre-training data.
  var granularity: Figure {
    let source = "published-2025-granularity"
    let names = published.initializations(source)
    return Bars(
      labels: .init(
        id: "2025-granularity", title: "2025: fine- and coarse-grained pre-training data",
        caption: "p as printed: ImageNet-1K against ImageNet-22K."),
      series: names.enumerated().map { .init($1, .bar($0 + 1)) },
      tasks: published.tasks(source).map { task in
        let lines = names.map { published.value(source, task, $0) }
        let label = lines.compactMap(pValue).first
        let ends = (names.firstIndex(of: "ImageNet-1K") ?? 0, names.firstIndex(of: "ImageNet-22K") ?? 0)
        return .init(
          title: title(task), axisTitle: axis(task), groups: [.init("", lines.map(estimate))],
          brackets: label.map { [.init(from: .init(series: ends.0), to: .init(series: ends.1), label: $0)] } ?? [])
      }, columns: 3
    ).figure()
  }

  /// 2025, self-supervised methods by family.
  var selfSupervised: Figure {
    let source = "published-2025-self-supervised"
    let baseline = "ImageNet"
    let names = published.initializations(source).filter { $0 != baseline }
    let families: [(String, [String])] = [
      ("Contrastive", ["InsDis", "PIRL", "MoCo-v1", "MoCo-v2", "SimCLR-v1", "SimCLR-v2", "InfoMin", "CLSA"]),
      ("Clustering", ["DeepCluster-v2", "SeLa-v2"]), ("Clustering and contrastive", ["PCL-v1", "PCL-v2", "SwAV"]),
      ("Contrastive by pixel", ["PixPro"]), ("Contrastive by feature map", ["DenseCL"]), ("Contrastive by patch", ["DetCo"]),
      ("Information maximization", ["Barlow Twins"]), ("Information maximization by patch", ["VICRegL"]),
      ("Knowledge distillation", ["BYOL", "DINO", "SimSiam", "OBoW"]),
    ]
    return DotPlot(
      labels: .init(id: "2025-self-supervised", title: "2025: twenty-two self-supervised methods by family"),
      baselineName: "Supervised ImageNet",
      items: names.map { name in .init(name, family: families.first { $0.1.contains(name) }?.0 ?? "Other") },
      tasks: published.tasks(source).map { task in
        .init(
          title: title(task), axisTitle: axis(task), baseline: published.value(source, task, baseline)?.mean,
          values: names.map { estimate(published.value(source, task, $0)) })
      }
    ).figure()
  }

  /// 2025, domain adaptation of ResNet-50.
  var adaptation: Figure {
    let source = "published-2025-domain-adaptation"
    let names = published.initializations(source)
    return Bars(
      labels: .init(
        id: "2025-domain-adaptation", title: "2025: domain-adaptive pre-training of ResNet-50",
        caption: "p against ImageNet, as printed."),
      series: names.enumerated().map { .init($1, .bar($0 + 1)) },
      tasks: published.tasks(source).map { task in
        let lines = names.map { published.value(source, task, $0) }
        return .init(
          title: title(task), axisTitle: axis(task), groups: [.init("", lines.map(estimate))],
          brackets: lines.enumerated().compactMap { index, line in
            pValue(line).map { .init(from: .init(series: 0), to: .init(series: index), label: $0) }
          })
      }, columns: 3
    ).figure()
  }

  /// 2025, domain adaptation of Swin-B and ConvNeXt-B; the marks are the figure's.
  var transformers: Figure {
    let source = "published-2025-transformers"
    return Bars(
      labels: .init(
        id: "2025-transformers", title: "2025: domain-adaptive pre-training of Swin-B and ConvNeXt-B",
        notes: [SignificanceMark.legend]),
      series: [.init("ImageNet", .bar(1)), .init("ImageNet→MIMIC", .bar(3))],
      tasks: published.tasks(source).map { task in
        let groups = ["Swin-B", "ConvNeXt-B"].map { model in
          Bars.Group(model, ["ImageNet", "ImageNet->MIMIC"].map { estimate(published.value(source, task, "\(model) \($0)")) })
        }
        // Swin with itself, ConvNeXt with itself, and the two with each other.
        let marks = ["Swin-B", "ConvNeXt-B"].flatMap { published.value(source, task, "\($0) ImageNet->MIMIC")?.marks ?? [] }
        let places: [(Bars.Place, Bars.Place)] = [
          (.init(group: 0, series: 0), .init(group: 0, series: 1)), (.init(group: 1, series: 0), .init(group: 1, series: 1)),
          (.init(group: 0, series: 1), .init(group: 1, series: 1)),
        ]
        return .init(
          title: title(task), axisTitle: axis(task), groups: groups,
          brackets: zip(places, marks).map { .init(from: $0.0, to: $0.1, label: $1.text) })
      }, columns: 3
    ).figure()
  }

  var all: [Figure] {
    [figure1, figure2, architectures, sizeMatched, dataSize, granularity, selfSupervised, adaptation, transformers].compactMap(\.self)
  }
}
