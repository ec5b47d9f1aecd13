#!/usr/bin/env python3
"""Trains the LeNet-5 of data/ on the built-in digits, with Keras 3.

    build/release/bin/deepaxe data export digits -o digits.npz
    tools/train_lenet5_digits.py digits.npz --output data/lenet5-digits.keras

Beside it a softmax regression is trained on the same pixels: it says how much of the task
needs more than a linear classifier. Takes about two minutes on two cores.
"""

import argparse
import hashlib
import json
import pathlib

import keras
import numpy as np

SEED = 1
BATCH = 100


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images", type=pathlib.Path, help="npz with x_train, y_train, x_test, y_test")
    parser.add_argument("--output", type=pathlib.Path, default="lenet5-digits.keras")
    parser.add_argument("--epochs", type=int, default=24)
    return parser.parse_args()


def lenet5():
    """The LeNet-5 of the DeepAxe paper: 28x28, valid convolutions, ReLU, max pooling."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="image"),
            layers.Conv2D(6, 5, activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(16, 5, activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flatten"),
            layers.Dense(120, activation="relu", name="fc1"),
            layers.Dense(84, activation="relu", name="fc2"),
            layers.Dense(10, activation="softmax", name="fc3"),
        ],
        name="lenet5_digits",
    )


def softmax_regression():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


def train(model, data, epochs):
    """Trains in place; returns the number of test images that are classified correctly."""
    steps = epochs * (len(data["x_train"]) // BATCH)
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        loss="sparse_categorical_crossentropy",
    )
    model.fit(data["x_train"], data["y_train"], batch_size=BATCH, epochs=epochs, verbose=2)
    classes = model.predict(data["x_test"], batch_size=500, verbose=0).argmax(axis=1)
    return int((classes == data["y_test"]).sum())


def save_without_optimizer(model, path):
    """A model that was never compiled has no optimizer state: a third of the size."""
    bare = keras.Sequential.from_config(model.get_config())
    bare.set_weights(model.get_weights())
    bare.save(path)


def main():
    arguments = parse_arguments()
    keras.utils.set_random_seed(SEED)
    with np.load(arguments.images) as archive:
        data = {name: archive[name] for name in archive.files}
    for part in ("x_train", "x_test"):
        data[part] = data[part].astype(np.float32) / 255
    linear_correct = train(softmax_regression(), data, arguments.epochs)
    model = lenet5()
    lenet_correct = train(model, data, arguments.epochs)
    save_without_optimizer(model, arguments.output)
    report = {
        "keras": keras.__version__,
        "train_images": len(data["x_train"]),
        "test_images": len(data["x_test"]),
        "linear_correct": linear_correct,
        "lenet5_correct": lenet_correct,
        "sha256": hashlib.sha256(arguments.output.read_bytes()).hexdigest(),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
