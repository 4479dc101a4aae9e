"""The page of a scene in a browser: what a reader does, and what is then to be seen.

A few are run by `make test`, as the start of a browser takes its time; `make test-all` runs all.
"""

import re
from pathlib import Path

import pytest

from autograd.drawing.scene import Edge, Node, Scene
from tests import scene_cases
from tests.autograd.drawing.showing.test_html import HOSTILE, hostile

BOXES = "[...document.querySelectorAll('.boxes > .box:not(.tag) .name')].map((e) => e.textContent)"


def boxes(page):
    return page.evaluate(BOXES)


def box(page, label, part=0):
    """The box with that name; ``part`` of several."""
    names = page.locator(".boxes > .box:not(.tag)").filter(
        has=page.locator(f".name:text-is('{label}')")
    )
    return names.nth(part)


def title(page, label):
    return page.locator(".titles > .title").filter(has=page.locator(f".head:text-is('{label}')"))


def settled(page, action):
    """Do what has the page laid out anew, and wait until it is drawn."""
    page.evaluate("delete document.documentElement.dataset.boxes")
    action()
    page.wait_for_selector("html[data-boxes]")


def test_a_scalar_expression_is_drawn_with_its_values(opened):
    with opened(scene_cases.scalars(), title="scalars") as page:
        assert page.title() == "scalars"
        assert sorted(boxes(page)) == sorted(
            ["a", "b", "2.0", "mul", "sin", "sub", "** 2", "add", "loss"]
        )
        assert "data 3.0 | grad 0.52" in box(page, "a").text_content()
        assert page.locator(".lines > .line").count() == 9
        assert page.locator(".lines > .line.data").count() == 1
        assert page.locator("#legend").inner_text().splitlines()[1:5] == [
            "operation", "tensor that requires grad", "constant", "output",
        ]  # fmt: skip
        assert "Numbers are of the first step." in page.locator("#legend").inner_text()
        assert page.locator("#depth-set").is_hidden()  # there is nothing to fold
        assert page.locator("#gradients").is_hidden()


def test_modules_fold_and_unfold(opened):
    with opened(scene_cases.residual(3)) as page:
        settled(page, lambda: page.locator("#fold-all").click())
        assert boxes(page) == ["x", "target", "ResidualNet", "cross_entropy", "loss"]
        assert page.locator("#depth").inner_text() == "0 / 4"
        settled(page, lambda: box(page, "ResidualNet").click())
        assert {"stem", "blocks", "head"} < set(boxes(page))
        assert title(page, "ResidualNet").get_attribute("aria-expanded") == "true"
        settled(page, lambda: box(page, "blocks").dblclick())  # unfolded once, not folded again
        assert {"0", "1", "2"} < set(boxes(page))
        settled(page, lambda: title(page, "blocks").click())
        assert "blocks" in boxes(page) and "0" not in boxes(page)
        settled(page, lambda: page.locator("#unfold-all").click())
        assert len(boxes(page)) == 42 and page.locator("#depth").inner_text() == "4 / 4"
        settled(page, lambda: page.locator("#shallower").click())
        assert page.locator("#depth").inner_text() == "3 / 4"
        assert boxes(page).count("first") == 3


@pytest.mark.slow
def test_a_folded_module_says_what_is_in_it_and_its_lines_how_many(opened):
    with opened(scene_cases.residual(3)) as page:
        settled(page, lambda: page.locator("#fold-all").click())
        assert "23 ops, 33,280 parameters" not in box(page, "ResidualNet").text_content()
        assert "22 ops, 33,280 parameters" in box(page, "ResidualNet").text_content()
        assert page.locator(".lines > .line").count() == 4


@pytest.mark.slow
def test_the_panel_tells_of_the_node_under_the_pointer(opened):
    with opened(scene_cases.residual(1)) as page:
        settled(page, lambda: page.locator("#unfold-all").click())
        box(page, "matmul").hover()
        panel = page.locator("#panel")
        text = panel.inner_text()
        assert "matmul" in text and "(32, 64)" in text and "float32" in text
        assert "net.py:4: y = matmul" in text
        first = panel.locator(".ends").first.inner_text().split("\n")[:3]
        assert first == ["1", "x", "(32, 64) · no gradient"]
        assert [e.text_content() for e in panel.locator(".way li").all()] == ["ResidualNet", "stem"]
        assert page.locator(".line.into").count() == 2 and page.locator(".line.out").count() == 1
        page.mouse.move(20, 300)
        assert "Comes from" not in panel.inner_text() and page.locator(".line.into").count() == 0
        box(page, "matmul").click()  # keeps it
        page.mouse.move(20, 300)
        assert "Comes from" in panel.inner_text()
        panel.locator(".ends").nth(1).get_by_role("button", name="add").click()
        assert panel.locator("h2 bdi").inner_text() == "add"


@pytest.mark.slow
def test_a_search_looks_into_folded_modules(opened):
    with opened(scene_cases.residual(3)) as page:
        settled(page, lambda: page.locator("#fold-all").click())
        page.keyboard.press("/")
        page.keyboard.type("second.BIAS")
        found = page.locator("#results [role=option]")
        assert [one.locator("bdi").first.inner_text() for one in found.all()] == [
            f"blocks.{i}.second.bias" for i in range(3)
        ]
        assert page.locator(".box.found .name").all_text_contents() == ["ResidualNet"]
        settled(page, lambda: page.keyboard.press("Enter"))
        current = page.locator(".box.current")
        assert current.get_attribute("aria-label") == (
            "blocks.0.second.bias, parameter, shape (64,), float32, in blocks.0.second"
        )
        assert "1" in boxes(page)  # the other blocks stay folded
        settled(page, lambda: page.keyboard.press("Enter"))
        assert "blocks.1.second.bias" in page.locator("#panel h2").inner_text()
        page.keyboard.press("Escape")
        assert page.locator(".found").count() == 0
        page.keyboard.press("/")
        page.keyboard.type("nowhere")
        assert page.locator("#results").inner_text() == "Nothing found"


@pytest.mark.slow
def test_keys_lead_along_the_edges(opened):
    with opened(scene_cases.residual(1)) as page:
        settled(page, lambda: page.locator("#fold-all").click())

        def current():
            return page.evaluate("document.activeElement.getAttribute('aria-label')").split(",")[0]

        page.locator("#export").focus()
        page.keyboard.press("Tab")  # one stop for all boxes
        assert current() == "x"
        page.keyboard.press("ArrowDown")
        assert current() == "ResidualNet"
        settled(page, lambda: page.keyboard.press("Enter"))
        assert current() == "ResidualNet" and "stem" in boxes(page)  # now the group's title
        outline = page.evaluate("getComputedStyle(document.activeElement.firstChild).strokeWidth")
        assert outline == "3px"
        page.keyboard.press("ArrowUp")
        assert current() == "x"
        page.keyboard.press("ArrowDown")
        assert current() == "stem"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        assert current() == "stem"
        settled(page, lambda: page.keyboard.press("Backspace"))
        assert current() == "ResidualNet" and "stem" not in boxes(page)
        settled(page, lambda: page.keyboard.press("]"))
        assert "stem" in boxes(page)
        page.keyboard.press("Escape")
        assert page.locator(".current").count() == 0


@pytest.mark.slow
def test_zoom_and_pan(opened):
    with opened(scene_cases.scalars()) as page:

        def at():
            return box(page, "mul").bounding_box()

        before = at()
        page.locator("#zoom-in").click()
        assert at()["width"] == pytest.approx(1.25 * before["width"], rel=0.01)
        page.keyboard.press("-")
        assert at()["width"] == pytest.approx(before["width"], rel=0.01)
        x, y = before["x"] + 20, before["y"] + 20
        page.mouse.move(x, y)
        page.mouse.wheel(0, -400)
        page.wait_for_function(
            "w => document.querySelector('.boxes > .box').getBoundingClientRect().width > w", arg=1
        )
        page.wait_for_timeout(300)
        after = at()
        assert after["width"] > 1.5 * before["width"]
        assert after["x"] < x < after["x"] + after["width"]  # what was below the pointer stays
        page.mouse.move(30, 60)
        page.mouse.down()
        page.mouse.move(130, 110, steps=3)
        page.mouse.up()
        assert at()["x"] == pytest.approx(after["x"] + 100, abs=4)  # its border was thicker
        assert at()["y"] == pytest.approx(after["y"] + 50, abs=4)
        assert page.evaluate("state.current") is None  # that was no click
        page.locator("#fit").click()
        stage = page.locator("#stage").bounding_box()
        for element in page.locator(".boxes > .box").all():
            spot = element.bounding_box()
            assert spot["x"] > 0 and spot["x"] + spot["width"] < stage["width"]
            assert spot["y"] > stage["y"] and spot["y"] + spot["height"] < 800


@pytest.mark.slow
def test_light_and_dark(opened):
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(scene_cases.scalars(), dark=True) as page:
        assert page.evaluate(ground) == "rgb(18, 22, 28)"
        page.locator("#theme").click()
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.locator("#theme").click()
        page.emulate_media(color_scheme="light")  # what the system says anew counts
        page.wait_for_selector("html[data-theme='light']")
    with opened(scene_cases.scalars()) as page:
        assert page.evaluate(ground) == "rgb(255, 255, 255)"


@pytest.mark.slow
def test_the_backward_view_turns_arrows_and_measures_gradients(opened):
    with opened(scene_cases.backward(3, factor=1e-3)) as page:
        settled(page, lambda: page.locator("#unfold-all").click())
        look = """() => state.lines.filter((l) => l.gradient !== null).map((l) => [
            l.gradient, +l.element.querySelector('path').getAttribute('stroke-width'),
            getComputedStyle(l.element).color])"""
        lines = sorted(page.evaluate(look))
        widths = [width for _, width, _ in lines]
        assert widths == sorted(widths) and widths[0] < 1.5 and widths[-1] > 5
        blue = [int(c) for c in re.findall(r"\d+", lines[0][2])]
        orange = [int(c) for c in re.findall(r"\d+", lines[-1][2])]
        assert blue[2] > blue[0] and orange[0] > orange[2]
        tip = """() => state.lines.map((l) => {
            const points = l.element.querySelector('polygon').getAttribute('points');
            const y = +points.split(' ')[0].split(',')[1];
            const [, top, , height] = state.places[l.from.id];
            return Math.abs(y - top - height) < 1; })"""
        assert set(page.evaluate(tip)) == {True}  # heads are where the forward arrows begin
        assert "Root mean square of the gradient" in page.locator("#legend").inner_text()
        assert "∂ W" in page.locator(".along").all_text_contents()[0]
        assert "δ 1.0e+00" in box(page, "loss").text_content()
        settled(page, lambda: page.locator("#gradients").click())
        assert set(page.evaluate(tip)) == {False}
        assert page.locator("#gradients").get_attribute("aria-pressed") == "false"


@pytest.mark.slow
def test_gradients_that_are_lost_stand_out(opened):
    names = ["a", "b", "c", "d"]
    nodes = {name: Node(name, "op", name, (), gradient=1.0) for name in names}
    values = [float("nan"), float("inf"), 0.0]
    edges = [Edge(a, b, gradient=v) for a, b, v in zip(names, names[1:], values, strict=False)]
    with opened(Scene(nodes, edges, backward=True)) as page:
        assert page.locator(".line.bad").count() == 2 and page.locator(".line.zero").count() == 1
        assert page.locator(".along").all_text_contents() == ["NaN", "Infinity", "0"]


def test_nothing_hostile_runs_or_hides(opened):
    with opened(hostile(), title=HOSTILE[0]) as page:
        settled(page, lambda: page.locator("#unfold-all").click())
        for i in range(len(HOSTILE)):
            page.evaluate(f"select(nodes[{i}])")
            page.evaluate(f"select(groups[{i}])")
        page.locator("#search").fill("taken")
        assert page.title() == HOSTILE[0]
        assert page.locator("#drawing img, #panel img, #legend img").count() == 0
        texts = page.evaluate("nodes.map((node) => plain(node.label))")
        assert texts[4] == "a␀b␇c␊d␡⟨U+0085⟩"
        assert texts[5] == "line⟨U+2028⟩and⟨U+2029⟩paragraph"
        assert texts[6] == "half � a pair �"
        assert texts[7] == "⟨U+202E⟩txet denrut⟨U+202C⟩ ⟨U+2066⟩⟨U+200F⟩"
        assert texts[8] == HOSTILE[8]
        widest = page.evaluate("Math.max(...[...drawn.keys()].map((i) => state.places[i.id][2]))")
        assert widest < 700  # the long one is cut short


@pytest.mark.slow
def test_a_gradient_stands_in_a_box_once(opened):
    scene = scene_cases.backward(1)
    for node in scene.nodes.values():
        node.lines = ["δ² 3.0e-01"]  # as the backward view writes it
    with opened(scene) as page:
        settled(page, lambda: page.locator("#unfold-all").click())
        assert box(page, "relu").text_content().count("δ") == 1


@pytest.mark.slow
def test_the_difference_of_two_steps_is_seen(opened):
    nodes = {
        "w": Node("w", "parameter", "w", gradient=2e-9, ratio=6e-6),
        "v": Node("v", "parameter", "v", gradient=2e-2, ratio=1e3),
        "a": Node("a", "op", "exp", before="new"),
        "b": Node("b", "op", "sin", before="gone"),
    }
    edges = [Edge("w", "a"), Edge("v", "a"), Edge("w", "b")]
    with opened(Scene(nodes, edges)) as page:
        assert set(boxes(page)) == {"w", "v", "exp (new)", "sin (gone)"}
        assert page.locator(".box.gone").count() == page.locator(".box.new").count() == 1
        colour = "(e) => getComputedStyle(e).color.match(/\\d+/g).map(Number)"
        small, large = (box(page, name).evaluate(colour) for name in "wv")
        assert small[2] > small[0] and large[0] > large[2]
        assert "smaller in blue boxes" in page.locator("#legend").inner_text()


@pytest.mark.slow
def test_operands_enter_in_their_order(opened):
    scene = scene_cases.Maker()
    for _ in range(4):
        x = scene.node("input", "x")
        late = scene.node("op", "exp", scene.node("op", "sin", scene.node("input", "y")))
        scene.node("op", "-", late, x)
        scene.node("op", "-", x, late)
    with opened(scene.scene) as page:
        ends = page.evaluate("""() => state.lines.filter((l) => l.to.label === '-').map((l) => [
            l.to.id, l.place, l.route.points[l.route.points.length - 1][0]])""")
        by_box: dict[int, list[float]] = {}
        for key, _, x in sorted(ends):
            by_box.setdefault(key, []).append(x)
        assert len(by_box) == 8 and all([first < second for first, second in by_box.values()])


GEOMETRY = """() => {
    const inside = ([x, y, w, h], [X, Y, W, H]) =>
        x >= X && y >= Y && x + w <= X + W && y + h <= Y + H;
    const left = ([x, , w], [X]) => x + w <= X;
    const above = ([, y, , h], [, Y]) => y + h <= Y;
    const apart = (a, b) => left(a, b) || left(b, a) || above(a, b) || above(b, a);
    const faults = [];
    for (const group of all.filter((one) => one.open)) {
        const held = group.children.map((child) => [child.label, state.places[child.id]]);
        for (const [label, place] of held) {
            if (!inside(place, state.places[group.id])) faults.push(`${label} leaves its group`);
            for (const [other, there] of held)
                if (place !== there && !apart(place, there)) faults.push(`${label} on ${other}`);
        }
    }
    return faults; }"""


@pytest.mark.slow
@pytest.mark.parametrize("across", [False, True], ids=["down", "across"])
def test_boxes_lie_in_their_groups_and_on_no_other(opened, across):
    with opened(scene_cases.residual(3)) as page:
        if across:
            settled(page, lambda: page.locator("#direction").click())
        settled(page, lambda: page.locator("#unfold-all").click())
        assert page.evaluate(GEOMETRY) == []


@pytest.mark.slow
def test_a_parameter_of_many_uses_stands_once_with_tags(opened):
    make = scene_cases.Maker()
    x, weight = make.node("data", "x"), make.node("parameter", "weight")
    for _ in range(8):
        x = make.node("op", "matmul", x, weight)
    with opened(make.scene) as page:
        assert boxes(page).count("weight") == 1
        assert page.locator(".box.tag").count() == 7
        page.locator(".box.tag").nth(3).click()  # leads to the parameter itself
        assert page.locator("#panel h2 bdi").inner_text() == "weight"
        assert page.locator(".line.out").count() == 8


@pytest.mark.slow
def test_a_long_graph_without_modules_is_cut_where_it_repeats(opened):
    with opened(scene_cases.recurrent(20)) as page:
        parts = [label for label in boxes(page) if label.startswith("part")]
        assert len(parts) == 11  # of two steps each, 19 nodes a step, and the end
        settled(page, lambda: box(page, "part 2").click())
        assert boxes(page).count("cat(dim=1)") == 2


@pytest.mark.slow
def test_the_drawing_is_saved_as_it_stands(opened, tmp_path):
    with opened(scene_cases.residual(1), title="a/net") as page:
        settled(page, lambda: page.locator("#fold-all").click())
        with page.expect_download() as download:
            page.locator("#export").click()
        assert download.value.suggested_filename == "a_net.svg"
        download.value.save_as(tmp_path / "net.svg")
    text = Path(tmp_path / "net.svg").read_text("utf-8")
    assert text.startswith("<svg") and "ResidualNet" in text and "var(--" not in text
    from xml.etree import ElementTree

    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg" and root.get("viewBox")


@pytest.mark.slow
def test_a_name_is_copied(opened):
    with opened(scene_cases.scalars()) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        box(page, "** 2").click()
        page.locator("#panel h2 .copy").click()
        page.wait_for_selector("text=copied")
        assert page.evaluate("navigator.clipboard.readText()") == "** 2"


@pytest.mark.slow
def test_on_a_phone(opened):
    with opened(scene_cases.residual(3), width=390) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.locator("#panel").is_hidden()  # the drawing has all the room
        page.locator("#fold-all").tap()
        page.wait_for_selector("html[data-boxes='5']")
        box(page, "ResidualNet").tap()
        title(page, "ResidualNet").wait_for()
        box(page, "stem").evaluate("e => select(items[e.dataset.id])")
        assert page.locator("#panel").is_visible()
        assert page.locator("#panel").bounding_box()["height"] <= 0.35 * 800


@pytest.mark.slow
def test_an_empty_scene_and_one_box(opened):
    with opened(Scene()) as page:
        assert boxes(page) == []
    with opened(Scene({"a": Node("a", "op", "exp")})) as page:
        assert boxes(page) == ["exp"]


@pytest.mark.slow
def test_a_thousand_boxes_at_once(opened):
    with opened(scene_cases.residual(90)) as page:
        settled(page, lambda: page.locator("#unfold-all").click())
        assert len(boxes(page)) == 912
        assert page.evaluate(GEOMETRY) == []


@pytest.mark.slow
def test_twenty_thousand_nodes_open_folded(opened):
    with opened(scene_cases.large()) as page:
        assert len(boxes(page)) == 102
        page.locator("#unfold-all").click()  # too many at once: it says so, and stays
        page.wait_for_function(
            "document.getElementById('said').textContent.includes('cannot be read')"
        )
        assert len(boxes(page)) == 102
        settled(page, lambda: box(page, "layers.7").click())
        assert len(boxes(page)) == 101 + 10 and "part 1" in boxes(page)
