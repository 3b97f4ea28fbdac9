from tests.golden import languages
from tests.golden.cases import FOLDER, labels


def main() -> None:
    for old in (*FOLDER.glob("*.png"), *FOLDER.glob("*.zpl")):
        old.unlink()
    for name, label in labels().items():
        (FOLDER / f"{name}.png").write_bytes(label.png)
        (FOLDER / f"{name}.zpl").write_bytes(label.payload)
    languages.main()


if __name__ == "__main__":
    main()
