"""Writes what scikit-learn says of random predictions, as fixtures/metrics.json.

    pip install numpy scikit-learn
    python make_metrics.py

The committed file was made with scikit-learn 1.9. Scores are multiples of 1/1024; some classes never occur, some are never predicted,
some scores are equal.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics

warnings.filterwarnings("ignore")
rng = np.random.default_rng(1)
CLASSES = 5


def figures(true, predicted, labels):
    result = {"accuracy": metrics.accuracy_score(true, predicted)}
    result["counts"] = metrics.confusion_matrix(true, predicted, labels=labels).tolist()
    for name in ["precision", "recall", "f1"]:
        score = getattr(metrics, f"{name}_score")
        result[name] = score(true, predicted, labels=labels, average=None).tolist()
        for average in ["macro", "micro", "weighted"]:
            result[f"{average}_{name}"] = score(true, predicted, average=average)
    return result


cases = []
for samples in [1, 2, 7, 40, 200]:
    for missing in [False, True]:
        scores = rng.integers(-40, 40, (samples, CLASSES)) / 1024
        true = rng.integers(0, CLASSES - 2 * missing, samples)
        if missing:
            scores[:, 1] = -1
        case = {"scores": scores.tolist(), "labels": true.tolist()}
        case |= figures(true, scores.argmax(axis=1), list(range(CLASSES)))
        # Equal scores: scikit-learn ranks the larger class first, so the classes are turned round.
        turned = scores[:, ::-1]
        case["top_k"] = [
            metrics.top_k_accuracy_score(CLASSES - 1 - true, turned, k=k, labels=list(range(CLASSES)))
            for k in range(1, CLASSES + 1)
        ]
        cases.append(case)

binary = []
for samples in [3, 50]:
    scores = rng.integers(-3, 4, (samples, 1)) / 4
    true = rng.integers(0, 2, samples)
    binary.append(
        {"scores": scores.tolist(), "targets": true.astype(bool).tolist()}
        | figures(true, (scores[:, 0] > 0).astype(int), [0, 1])
    )

values = []
for samples in [1, 2, 30]:
    for constant in [False, True]:
        predictions = rng.integers(-2048, 2048, (samples, 3)) / 1024
        targets = rng.integers(-2048, 2048, (samples, 3)) / 1024
        if constant:
            targets[:, 0] = 0.5
            targets[:, 1] = predictions[:, 1] = -0.25
        values.append(
            {
                "predictions": predictions.tolist(),
                "targets": targets.tolist(),
                "mean_absolute_error": metrics.mean_absolute_error(targets, predictions),
                # Of one sample it has no r2_score; the documented rule for equal targets is applied by hand.
                "r2": metrics.r2_score(targets, predictions)
                if samples > 1
                else float(np.mean(targets == predictions)),
            }
        )

path = Path(__file__).parent / "fixtures" / "metrics.json"
path.write_text(json.dumps({"classes": cases, "binary": binary, "values": values}) + "\n")
