"""Tests of what `benches/compare` is made of: `python3 benches/test_compare.py`."""

import re
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

from comparing import compiling, settings
from comparing.commands import ROOT
from comparing.measuring import Measured, parse
from comparing.programs import PROGRAMS
from comparing.reporting import limits, report, table


def line(job, us, best, loss=0.5):
    # 100 million floating-point operations a step.
    return parse(f"JOB {job} peer=x us_per_step={us} gflops={1e5 / us} final_loss={loss} best_us={best}")


class Lines(unittest.TestCase):
    def test_a_printed_line(self):
        found = parse("JOB c1000 peer=jax us_per_step=2.5 gflops=31.76 final_loss=1.68815 best_us=2.25")
        expected = {"job": "c1000", "us_per_step": 2.5, "gflops": 31.76, "final_loss": 1.68815, "best_us": 2.25}
        self.assertEqual(found, expected)


class Settings(unittest.TestCase):
    def titles(self, *arguments):
        chosen, remarks = settings.chosen(*arguments)
        return [setting.title for setting in chosen], len(remarks)

    def test_as_many_threads_as_cores(self):
        self.assertEqual(self.titles(None, 4, ["a"], False), (["One thread", "4 threads"], 0))
        self.assertEqual(self.titles(None, 1, ["a"], False), (["One thread"], 1))

    def test_more_threads_than_cores_are_left_out_with_a_remark(self):
        self.assertEqual(self.titles([1, 2, 8], 2, ["a"], False), (["One thread", "2 threads"], 1))

    def test_avx2_alone(self):
        self.assertEqual(self.titles(None, 2, [], True), (["AVX2 only, one thread"], 0))
        [setting], _ = settings.chosen(None, 2, [], True)
        does = {p.name for p in PROGRAMS if setting.does(p, "a")}
        self.assertEqual(does, {"nn-core", "numpy", "torch", "torch-compile", "jax"})
        self.assertFalse(any(setting.does(p, "b") for p in PROGRAMS))

    def test_the_environment_of_threads(self):
        one, two = (settings.on_threads(count, []).environment for count in (1, 2))
        self.assertEqual((one["OMP_NUM_THREADS"], two["RAYON_NUM_THREADS"]), ("1", "2"))
        self.assertIn("XLA_FLAGS", one)
        self.assertNotIn("XLA_FLAGS", two)


class Tables(unittest.TestCase):
    peaks = {"avx512": 200.0, "avx2": 100.0}

    def test_limits_count_cores_and_registers(self):
        [avx2], _ = settings.chosen(None, 2, [], True)
        found = [limits(settings.on_threads(count, []), self.peaks) for count in (1, 2)]
        self.assertEqual(found, [200.0, 400.0])
        self.assertEqual(limits(avx2, self.peaks), 100.0)
        self.assertIsNone(limits(avx2, {}))

    def test_ratios(self):
        """By hand: 100 million operations take 250 µs at 400 GFLOP/s; the best blocks are 500 of 900 and 1,000 of 1,100 µs."""
        lines = {"nn-core": [line("a", 600, 500)], "jax": [line("a", 1200, 1000)]}
        alone = {"nn-core": [line("a", 950, 900)], "jax": [line("a", 1150, 1100)]}
        rows = table("a", settings.on_threads(2, []), lines, 400.0, alone)
        self.assertEqual(rows[2], "| nn-core | 600.00 | 500.00 | 1.00 | 1.00 | 2.00 | 1.80 | 0.50000 |")
        self.assertEqual(rows[3], "| jax | 1,200.00 | 1,000.00 | 2.00 | 2.00 | 4.00 | 1.10 | 0.50000 |")
        self.assertIn("250.00 µs", rows[-1])
        self.assertTrue(all(row.count("|") == 9 for row in rows[:4]))

    def test_medians_over_rounds_and_losses_that_differ(self):
        lines = {"nn-core": [line("a", us, us, loss) for us, loss in ((9, 0.1), (1, 0.3), (2, 0.2))]}
        rows = table("a", settings.on_threads(1, []), lines, None)
        self.assertEqual(rows[2], "| nn-core | 2.00 | 1.00 | 1.00 | 1.00 |  | 0.10000 to 0.30000 |")

    def test_core_seconds_count_threads(self):
        """By hand: 10,000 epochs of 1,000 µs are 10 s, on two threads 20 core-seconds."""
        lines = {"nn-core": [line("d", 1000, 900)]}
        self.assertIn("20.00 core-seconds by the median and 18.00", table("d", settings.on_threads(2, []), lines, None)[-1])

    def test_the_whole_report(self):
        chosen, remarks = settings.chosen([1, 2, 9], 2, ["a", "c"], True)
        lines = {"nn-core": [line("a", 600, 500)]}
        measured = Measured({setting.title: {"a": lines} for setting in chosen}, self.peaks, ["Job a failed: so"])
        measured.lines["2 threads"]["c1"] = {"nn-core": [line("c1", 2, 2)]}
        text = report(PROGRAMS[:1], chosen, remarks, measured, {"a row": [3.0, 1.0, 2.0]}, 3)
        for expected in ("## One thread\n", "## 2 threads\n", "## AVX2 only", "- 9 threads are not", "- Job a failed: so.", "| a row | 2.00 | 1.00 |"):
            self.assertIn(expected, text)
        self.assertNotIn("one sample", text)


class Compiling(unittest.TestCase):
    def test_the_project_holds_what_the_example_needs(self):
        with tempfile.TemporaryDirectory() as folder:
            compiling.write_project(Path(folder))
            manifest = (Path(folder) / "Cargo.toml").read_text()
            for crate in ("nn-core", "clap"):
                self.assertRegex(manifest, rf"(?m)^{crate} = ")
            example = (Path(folder) / "src" / "main.rs").read_text()
            for module in re.findall(r"(?m)^mod (\w+);", example):
                self.assertTrue((Path(folder) / "src" / f"{module}.rs").exists(), module)
            self.assertEqual(set(re.findall(r"(?m)^use (\w+)", example)), {"std", "nn_core", "clap"})

    def test_the_example_gets_another_size_in_both_layers(self):
        example = (ROOT / "examples" / "mnist.rs").read_text()
        changed = compiling.resized(example, 61)
        differing = [new for old, new in zip(example.splitlines(), changed.splitlines()) if old != new]
        self.assertEqual(len(differing), 1)
        self.assertIn("Affine(784, 61, ", differing[0])
        self.assertIn("Affine(61, 10, ", differing[0])

    def test_an_example_that_is_declared_otherwise(self):
        with self.assertRaises(ValueError):
            compiling.resized("Affine(784, 40)", 61)


if __name__ == "__main__":
    unittest.main()
