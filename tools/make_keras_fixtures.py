#!/usr/bin/env python3
"""Writes tests/keras_fixtures: small random networks, one for each corner of the Keras import.

Each fixture is NAME.keras or NAME.h5 with NAME.input.npy (images as DeepAxe takes them: NHWC) and
NAME.logits.npy (what Keras answers, before a final softmax). Needs TensorFlow with Keras 3 and
h5py; run once, the files are committed. Files in the style of Keras 1 and 2 and of tf.keras 2.13, which
cannot be installed beside Keras 3, are written with h5py from the same weights, so that Keras 3
judges them, too.
"""
import json
import pathlib
import sys
import zipfile

import h5py
import keras
import numpy as np
from keras import layers

OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "tests/keras_fixtures")
NUM_IMAGES = 3


def randomize(model, rng):
    """Weights of every sign and size, variances positive."""
    for weight in model.weights:
        values = rng.normal(0, 0.5, weight.shape)
        if "variance" in weight.path:
            values = rng.uniform(0.3, 2.0, weight.shape)
        weight.assign(values.astype("float32"))


def logits_of(model, images):
    """The model's output before a final softmax."""
    last = model.layers[-1]
    if isinstance(last, layers.Softmax):
        return keras.Model(model.inputs, last.input).predict(images, verbose=0)
    if getattr(last, "activation", None) is keras.activations.softmax:
        last.activation = keras.activations.linear
        logits = model.predict(images, verbose=0)
        last.activation = keras.activations.softmax
        return logits
    return model.predict(images, verbose=0)


def write_expected(name, images, logits):
    np.save(OUT / f"{name}.input.npy", images.astype("float32"))
    np.save(OUT / f"{name}.logits.npy", np.asarray(logits).reshape(len(images), -1))


def deflate(path):
    """Keras stores the members of its archive; deflated they are a tenth."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def make(name, model, formats=("keras",)):
    rng = np.random.default_rng(sum(name.encode()))
    randomize(model, rng)
    images = rng.normal(0, 1, (NUM_IMAGES, *model.input_shape[1:])).astype("float32")
    write_expected(name, images, logits_of(model, images))
    for extension in formats:
        model.save(OUT / f"{name}.{extension}")
    if "h5" not in formats:
        deflate(OUT / f"{name}.keras")


def sequential(shape, *stack):
    return keras.Sequential([keras.Input(shape), *stack])


def modern():
    make("conv_groups_dilation", sequential(
        (9, 8, 4),
        layers.Conv2D(6, 3, groups=2, padding="same", activation="tanh"),
        layers.Conv2D(5, (3, 2), dilation_rate=(2, 1), activation="sigmoid"),
        layers.Conv2D(4, 2, strides=(2, 1), padding="same", use_bias=False, activation="relu6"),
        layers.Flatten(), layers.Dense(3, activation="softmax")))
    make("separable", sequential(
        (8, 8, 3),
        layers.SeparableConv2D(6, 3, depth_multiplier=2, padding="same", activation="relu"),
        layers.SeparableConv2D(5, 3, strides=2, use_bias=False),
        layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="tanh"),
        layers.GlobalMaxPooling2D(keepdims=True), layers.Flatten(), layers.Dense(4)))
    make("activations", sequential(
        (6, 5, 3),
        layers.Conv2D(4, 3, padding="same"), layers.LeakyReLU(negative_slope=0.15),
        layers.Conv2D(4, 1), layers.PReLU(shared_axes=[1, 2]),
        layers.Conv2D(4, 1), layers.PReLU(),
        layers.Conv2D(4, 1), layers.PReLU(shared_axes=[1]),
        layers.Conv2D(4, 1), layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2),
        layers.Conv2D(4, 1, activation="leaky_relu"),
        layers.Conv2D(4, 1, activation=layers.LeakyReLU(negative_slope=0.4)),
        layers.Activation("tanh"), layers.Activation("linear"),
        layers.Flatten(), layers.Dense(3), layers.Softmax()))
    make("shaping", sequential(
        (8, 7, 2),
        layers.Cropping2D(((1, 0), (2, 1))), layers.ZeroPadding2D(((0, 1), (2, 0))),
        layers.Permute((2, 1, 3)), layers.AveragePooling2D(2, padding="same"),
        layers.MaxPooling2D((2, 1), strides=1, padding="same"),
        layers.Reshape((-1, 4)), layers.Dense(3, activation="relu"), layers.Permute((2, 1)),
        layers.Flatten(), layers.Dense(4)))
    make("batch_norm", sequential(
        (7, 7, 3),
        layers.BatchNormalization(),  # Before a padded convolution: must stay.
        layers.Conv2D(4, 3, padding="same", use_bias=False), layers.BatchNormalization(),
        layers.Activation("relu"), layers.BatchNormalization(scale=False),
        layers.Conv2D(5, 3), layers.Activation("relu"), layers.BatchNormalization(center=False),
        layers.DepthwiseConv2D(3, use_bias=False), layers.BatchNormalization(),
        layers.Flatten(), layers.BatchNormalization(), layers.Dense(4, activation="relu"),
        layers.BatchNormalization(), layers.Dense(3), layers.BatchNormalization()))
    make("rescaling_train_only", sequential(
        (6, 6, 3),
        layers.RandomFlip(), layers.Rescaling([0.5, 0.25, 2.0], offset=[-1.0, 0.5, 0.0]),
        layers.GaussianNoise(0.1), layers.Conv2D(3, 3, padding="same"), layers.Rescaling(1 / 3),
        layers.SpatialDropout2D(0.2), layers.GaussianDropout(0.1), layers.Dropout(0.5),
        layers.ActivityRegularization(0.1), layers.AlphaDropout(0.1),
        layers.Flatten(), layers.Dense(3)))


def gates():
    image = keras.Input((6, 5, 3))
    x = layers.Conv2D(4, 3, padding="same", activation="hard_silu")(image)
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(4, 1, activation="sigmoid")(gate)
    product = layers.Multiply()([x, gate])
    rest = layers.Subtract()([x, product])
    vector = layers.Multiply()([rest, layers.GlobalMaxPooling2D()(product)])
    logits = layers.Dense(3)(layers.Flatten()(vector))
    make("gates", keras.Model(image, logits))


def graphs():
    image = keras.Input((8, 8, 2), name="image")
    shared = layers.Conv2D(2, 3, padding="same", activation="relu", name="shared")
    twice = shared(shared(image))
    joined = layers.Concatenate()([twice, image])
    added = layers.Add()([joined, joined, layers.Conv2D(4, 1, name="skip")(image)])
    tall = layers.Concatenate(axis=1)([added, added])
    make("shared", keras.Model(image, layers.Dense(3)(layers.Flatten()(tall))),
         formats=("keras", "h5"))

    inner_input = keras.Input((4, 4, 3), name="inner_input")
    inner_hidden = layers.Conv2D(3, 3, padding="same", name="conv")(inner_input)
    inner_output = layers.Activation("relu")(layers.BatchNormalization(name="norm")(inner_hidden))
    inner = keras.Model(inner_input, inner_output, name="inner")
    head = keras.Sequential([keras.Input((4, 4, 3)), layers.Conv2D(2, 2, name="conv"),
                             layers.BatchNormalization(), layers.Flatten(),
                             layers.Dense(3, name="scores")], name="head")
    image = keras.Input((8, 8, 2), name="image")
    hidden = layers.Conv2D(3, 3, strides=2, padding="same", name="stem")(image)
    make("nested", keras.Model(image, head(inner(inner(hidden)))), formats=("keras", "h5"))
    make("nested_sequential", keras.Sequential([
        keras.Input((6, 6, 1)),
        keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(3, 3), layers.BatchNormalization()],
                         name="first"),
        keras.Sequential([keras.Input((4, 4, 3)), layers.Conv2D(2, 3), layers.ReLU()],
                         name="second"),
        layers.Flatten(), layers.Dense(4, activation="softmax")]), formats=("keras", "h5"))


def channels_first():
    """Keras cannot run these on a CPU, so the same weights run channels last and are then saved
    with the other data format; the flatten order is matched by permuting first."""
    stack = [layers.Conv2D(4, 3, padding="same", activation="relu"), layers.MaxPooling2D(2),
             layers.BatchNormalization(), layers.Conv2D(3, 2), layers.Permute((3, 1, 2)),
             layers.Flatten(), layers.Dense(5, activation="relu"), layers.Dense(3)]
    model = sequential((8, 6, 2), *stack)
    rng = np.random.default_rng(11)
    randomize(model, rng)
    images = rng.normal(0, 1, (NUM_IMAGES, 8, 6, 2)).astype("float32")
    write_expected("channels_first", images, model.predict(images, verbose=0))
    model.save(OUT / "channels_first.h5")
    with h5py.File(OUT / "channels_first.h5", "r+") as file:
        config = json.loads(file.attrs["model_config"])
        kept = []
        for layer in config["config"]["layers"]:
            fields = layer["config"]
            if layer["class_name"] == "Permute":
                continue
            if layer["class_name"] == "InputLayer":
                fields["batch_shape"] = [None, 2, 8, 6]
            if layer["class_name"] in ("Conv2D", "MaxPooling2D"):
                fields["data_format"] = "channels_first"
            if layer["class_name"] == "BatchNormalization":
                fields["axis"] = 1
            kept.append(layer)
        config["config"]["layers"] = kept
        file.attrs["model_config"] = json.dumps(config)


def write_groups(root, groups, fixed_length):
    """Groups with weight_names, as `.h5` files have had since Keras 1."""
    text = (lambda names: np.array([n.encode() for n in names])) if fixed_length else (
        lambda names: np.array(names, dtype=h5py.string_dtype()))
    root.attrs["layer_names"] = text([name for name, _ in groups])
    for name, weights in groups:
        group = root.create_group(name)
        group.attrs["weight_names"] = text([n for n, _ in weights]) if weights else np.array(
            [], dtype="S1")
        for weight_name, values in weights:
            group[weight_name] = np.asarray(values, "float32")


def keras1(name, ordering, theano):
    """A Keras 1.2 Sequential; "th" kernels are [out, in, h, w], under Theano turned by 180 degrees.
    """
    rng = np.random.default_rng(5 + len(name))
    reference = sequential((7, 6, 2),
                           layers.Conv2D(4, (3, 2), padding="same", activation="relu"),
                           layers.AveragePooling2D(2), layers.BatchNormalization(),
                           *([layers.Permute((3, 1, 2))] if ordering == "th" else []),
                           layers.Flatten(), layers.Dense(5, activation="tanh"), layers.Dense(3))
    randomize(reference, rng)
    images = rng.normal(0, 1, (NUM_IMAGES, 7, 6, 2)).astype("float32")
    write_expected(name, images, reference.predict(images, verbose=0))
    weights = [layer.get_weights() for layer in reference.layers if layer.get_weights()]
    kernel = weights[0][0]
    if ordering == "th":
        kernel = kernel.transpose(3, 2, 0, 1)
        kernel = kernel[:, :, ::-1, ::-1] if theano else kernel
    elif theano:
        kernel = kernel[::-1, ::-1]
    shape = [None, 2, 7, 6] if ordering == "th" else [None, 7, 6, 2]
    config = [
        {"class_name": "Convolution2D", "config": {
            "name": "convolution2d_1", "batch_input_shape": shape, "input_dtype": "float32",
            "nb_filter": 4, "nb_row": 3, "nb_col": 2, "border_mode": "same", "subsample": [1, 1],
            "dim_ordering": ordering, "activation": "linear", "bias": True, "trainable": True}},
        {"class_name": "Activation", "config": {"name": "activation_1", "activation": "relu"}},
        {"class_name": "AveragePooling2D", "config": {
            "name": "averagepooling2d_1", "pool_size": [2, 2], "strides": [2, 2],
            "border_mode": "valid", "dim_ordering": ordering}},
        {"class_name": "BatchNormalization", "config": {
            "name": "batchnormalization_1", "mode": 0, "axis": 1 if ordering == "th" else -1,
            "epsilon": 0.001}},
        {"class_name": "Dropout", "config": {"name": "dropout_1", "p": 0.25}},
        {"class_name": "Flatten", "config": {"name": "flatten_1"}},
        {"class_name": "Dense", "config": {
            "name": "dense_1", "output_dim": 5, "activation": "tanh", "bias": True,
            "input_dim": None}},
        {"class_name": "Dense", "config": {
            "name": "dense_2", "output_dim": 3, "activation": "softmax", "bias": True}},
    ]
    named = [("convolution2d_1", ["W", "b"], [kernel, weights[0][1]]),
             ("batchnormalization_1", ["gamma", "beta", "running_mean", "running_std"], weights[1]),
             ("dense_1", ["W", "b"], weights[2]), ("dense_2", ["W", "b"], weights[3])]
    by_layer = {layer: [(f"{layer}_{part}", value) for part, value in zip(parts, values)]
                for layer, parts, values in named}
    groups = [(layer["config"]["name"], by_layer.get(layer["config"]["name"], []))
              for layer in config]
    with h5py.File(OUT / f"{name}.h5", "w") as file:
        file.attrs["keras_version"] = b"1.2.2"
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential",
                                                 "config": config}).encode()
        root = file.create_group("model_weights")
        if theano:
            root.attrs["backend"] = b"theano"
        write_groups(root, groups, fixed_length=True)


def keras2_functional():
    """A Keras 2.2 functional model: class Model, inbound_nodes as lists, a nested model whose group
    lists trainable weights first."""
    image = keras.Input((6, 6, 1), name="input_1")
    inner_in = keras.Input((6, 6, 2), name="input_2")
    norm = layers.BatchNormalization(name="norm")
    inner = keras.Model(inner_in, layers.Conv2D(2, 3, padding="same", name="inner_conv")(
        norm(inner_in)), name="model_1")
    stem = layers.Conv2D(2, 3, padding="same", name="stem")
    scores = layers.Dense(3, name="scores")
    stemmed = stem(image)
    summed = layers.Add(name="add_1")([stemmed, inner(stemmed)])
    reference = keras.Model(image, scores(layers.Flatten(name="flat")(summed)))
    rng = np.random.default_rng(21)
    randomize(reference, rng)
    images = rng.normal(0, 1, (NUM_IMAGES, 6, 6, 1)).astype("float32")
    write_expected("keras2_functional", images, reference.predict(images, verbose=0))
    inner_conv = inner.get_layer("inner_conv")

    def conv(name, filters):
        return {"name": name, "filters": filters, "kernel_size": [3, 3], "strides": [1, 1],
                "padding": "same", "data_format": "channels_last", "dilation_rate": [1, 1],
                "activation": "linear", "use_bias": True}

    def layer(class_name, config, *inputs):
        return {"class_name": class_name, "config": config, "name": config["name"],
                "inbound_nodes": [[[i, int(i == "model_1"), 0, {}] for i in inputs]]
                if inputs else []}  # The making of a nested model was its call 0.

    nested = {"name": "model_1", "layers": [
        layer("InputLayer", {"name": "input_2", "batch_input_shape": [None, 6, 6, 2]}),
        layer("BatchNormalization", {"name": "norm", "axis": 3, "epsilon": 0.001}, "input_2"),
        layer("Conv2D", conv("inner_conv", 2), "norm")],
        "input_layers": [["input_2", 0, 0]], "output_layers": [["inner_conv", 0, 0]]}
    config = {"class_name": "Model", "config": {"name": "model_2", "layers": [
        layer("InputLayer", {"name": "input_1", "batch_input_shape": [None, 6, 6, 1]}),
        layer("Conv2D", conv("stem", 2), "input_1"),
        layer("Model", nested, "stem"),
        layer("Add", {"name": "add_1"}, "stem", "model_1"),
        layer("Flatten", {"name": "flat", "data_format": "channels_last"}, "add_1"),
        layer("Dense", {"name": "scores", "units": 3, "activation": "linear", "use_bias": True},
              "flat")],
        "input_layers": [["input_1", 0, 0]], "output_layers": [["scores", 0, 0]]}}
    gamma, beta, mean, variance = norm.get_weights()
    kernel, bias = inner_conv.get_weights()
    nested_weights = [("norm/gamma:0", gamma), ("norm/beta:0", beta),
                      ("inner_conv/kernel:0", kernel), ("inner_conv/bias:0", bias),
                      ("norm/moving_mean:0", mean), ("norm/moving_variance:0", variance)]
    own = {name: [(f"{name}/kernel:0", source.get_weights()[0]),
                  (f"{name}/bias:0", source.get_weights()[1])]
           for name, source in (("stem", stem), ("scores", scores))}
    own["model_1"] = nested_weights
    groups = [(l["name"], own.get(l["name"], [])) for l in config["config"]["layers"]]
    with h5py.File(OUT / "keras2_functional.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = b"2.2.4"
        root = file.create_group("model_weights")
        root.attrs["backend"] = b"tensorflow"
        write_groups(root, groups, fixed_length=True)


def tf_keras_213():
    """The archive of tf.keras 2.13: weights below _layer_checkpoint_dependencies."""
    model = sequential((6, 6, 1), layers.Conv2D(3, 3, name="a"), layers.Conv2D(2, 2, name="b"),
                       layers.Flatten(), layers.Dense(3, name="c"))
    rng = np.random.default_rng(31)
    randomize(model, rng)
    images = rng.normal(0, 1, (NUM_IMAGES, 6, 6, 1)).astype("float32")
    write_expected("tf_keras_213", images, model.predict(images, verbose=0))
    config = json.loads(model.to_json())
    for entry in config["config"]["layers"]:
        entry["config"].pop("dtype", None)
        if "batch_shape" in entry["config"]:
            entry["config"]["batch_input_shape"] = entry["config"].pop("batch_shape")
    inner = OUT / "inner.weights.h5"
    with h5py.File(inner, "w") as file:
        root = file.create_group("_layer_checkpoint_dependencies")
        for name, source in (("conv2d", "a"), ("conv2d_1", "b"), ("dense", "c")):
            for i, values in enumerate(model.get_layer(source).get_weights()):
                root[f"{name}/vars/{i}"] = values
        root.create_group("flatten/vars")
    with zipfile.ZipFile(OUT / "tf_keras_213.keras", "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "2.13.1"}))
        archive.writestr("config.json", json.dumps(config))
        archive.write(inner, "model.weights.h5")
    inner.unlink()


def weights_only():
    model = sequential((5, 5, 1), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3))
    rng = np.random.default_rng(41)
    randomize(model, rng)
    images = rng.normal(0, 1, (NUM_IMAGES, 5, 5, 1)).astype("float32")
    write_expected("weights_only", images, model.predict(images, verbose=0))
    model.save_weights(OUT / "weights_only.weights.h5")
    (OUT / "weights_only.json").write_text(model.to_json())


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    modern()
    gates()
    graphs()
    channels_first()
    keras1("keras1_tf", "tf", theano=False)
    keras1("keras1_th", "th", theano=False)
    keras1("keras1_th_theano", "th", theano=True)
    keras2_functional()
    tf_keras_213()
    weights_only()


if __name__ == "__main__":
    main()
