using CnnViz.Showing.Atlas.Data;
using Microsoft.Playwright;

namespace CnnViz.Tests.Showing.Atlas;

/// <summary>The pages in a browser, from the disk.</summary>
public sealed class AtlasBrowserTests(AtlasBrowser browser) : IClassFixture<AtlasBrowser>
{
    public static TheoryData<string> Pages => new(
        "atlas/index.html",
        "atlas/layers/conv1/index.html",
        "atlas/layers/conv1/0002.html",
        "atlas/layers/conv1/0030.html",
        $"atlas/layers/{AtlasAddress.Of(AtlasBrowser.Hostile)}/0003.html",
        "one.html",
        "one.html#layers/conv1",
        "one.html#layers/conv1/0002");

    private const string PicturesThatDoNotLoad =
        """
        async () => {
            const shown = [...document.images].filter(image => image.checkVisibility());
            await Promise.all(shown.map(image => { image.loading = 'eager'; return image.decode().catch(() => {}); }));
            return shown.filter(image => !image.alt || !image.naturalWidth || !image.getAttribute('width')).map(image => image.outerHTML.slice(0, 200));
        }
        """;

    // WCAG 2's contrast, level AA.
    private const string TextsTooWeak =
        """
        () => {
            const parse = colour => { const parts = colour.match(/[\d.]+/g).map(Number); return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 }; };
            const luminance = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const ground = element => {
                for (let e = element; e; e = e.parentElement) {
                    const c = parse(getComputedStyle(e).backgroundColor);
                    if (c.alpha === 1) return c.rgb;
                }
                return [255, 255, 255];
            };
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const weak = [];
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const element = node.parentElement;
                if (!node.data.trim() || !element.checkVisibility() || element.closest('script, style')) continue;
                const style = getComputedStyle(element);
                const ink = element.closest('svg') ? style.fill : style.color;
                const [one, other] = [luminance(parse(ink).rgb), luminance(ground(element))].sort((a, b) => b - a);
                if ((one + 0.05) / (other + 0.05) < 4.5) weak.push(`${node.data.trim().slice(0, 40)} ${ink}`);
            }
            return weak;
        }
        """;

    [SkippableTheory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_for_everybody(string path)
    {
        await using OpenPage open = await browser.OpenAsync(path);
        IPage page = open.Page;

        Assert.Empty(await page.EvaluateAsync<string[]>(PicturesThatDoNotLoad));

        int[] levels = await page.EvaluateAsync<int[]>(
            "[...document.querySelectorAll('h1, h2, h3, h4')].filter(h => h.closest('.page').checkVisibility()).map(h => +h.tagName[1])");
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, level => level == 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
        Assert.Equal(1, await page.Locator("main").CountAsync());
        Assert.Equal(1, await page.Locator("header.site").CountAsync());
        Assert.True(await page.EvaluateAsync<bool>(
            "new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size === document.querySelectorAll('[id]').length"));

        Assert.Empty(await page.EvaluateAsync<string[]>(TextsTooWeak));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.True(await IsDarkAsync(page));
        Assert.Empty(await page.EvaluateAsync<string[]>(TextsTooWeak));

        foreach (int width in new[] { 390, 360 })
        {
            await page.SetViewportSizeAsync(width, 800);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    [SkippableTheory]
    [InlineData("atlas/index.html", "atlas/layers/conv1/0017.html")]
    [InlineData("atlas/layers/conv1/0002.html", "atlas/layers/conv1/0017.html")]
    [InlineData("one.html", "one.html#layers/conv1/0017")]
    public async Task Search_finds_a_filter_by_layer_and_number(string path, string expected)
    {
        await using OpenPage open = await browser.OpenAsync(path);
        await open.Page.Keyboard.PressAsync("/");
        await open.Page.Keyboard.TypeAsync("conv1 17");
        await Assertions.Expect(open.Page.Locator("[role=option]").First).ToContainTextAsync("conv1:17");
        await Assertions.Expect(open.Page.Locator("#search")).ToHaveAttributeAsync("aria-activedescendant", "hit-0");
        await open.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(open.Page).ToHaveURLAsync(browser.Url(expected));
        await Assertions.Expect(open.Page.Locator("h1:visible")).ToHaveTextAsync("Filter 17");
    }

    [SkippableFact]
    public async Task Search_finds_classes_and_layers_and_says_when_there_is_nothing()
    {
        await using OpenPage open = await browser.OpenAsync("atlas/index.html");
        await open.Page.Locator("#search").FillAsync("gecko");
        await Assertions.Expect(open.Page.Locator("[role=option]")).ToHaveCountAsync(1);
        await Assertions.Expect(open.Page.Locator("[role=option]")).ToContainTextAsync("banded gecko");

        await open.Page.Locator("#search").FillAsync("inception");
        await Assertions.Expect(open.Page.Locator("[role=option]").First).ToContainTextAsync("Inception_4c/3x3");

        await open.Page.Locator("#search").FillAsync("conv1");
        await Assertions.Expect(open.Page.Locator("[role=option]")).ToHaveCountAsync(32);

        await open.Page.Locator("#search").FillAsync("nowhere");
        await Assertions.Expect(open.Page.Locator("#search-status")).ToHaveTextAsync("Nothing found");

        await open.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(open.Page.Locator("#results")).ToBeHiddenAsync();
        await open.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(open.Page.Locator("#search")).Not.ToBeFocusedAsync();
    }

    [SkippableTheory]
    [InlineData("atlas/layers/conv1/0002.html", "atlas/layers/conv1/0003.html", "atlas/layers/conv1/index.html", "atlas/index.html")]
    [InlineData("one.html#layers/conv1/0002", "one.html#layers/conv1/0003", "one.html#layers/conv1", "one.html#map")]
    public async Task Arrow_keys_go_to_neighbours_and_up(string path, string next, string layer, string index)
    {
        await using OpenPage open = await browser.OpenAsync(path);
        foreach ((string key, string target) in new[] { ("ArrowRight", next), ("ArrowLeft", path), ("ArrowUp", layer), ("ArrowUp", index) })
        {
            await open.Page.Keyboard.PressAsync(key);
            await Assertions.Expect(open.Page).ToHaveURLAsync(browser.Url(target));

            // Before, the new page does not listen.
            await open.Page.WaitForLoadStateAsync();
        }
    }

    [SkippableFact]
    public async Task A_grid_is_one_stop_of_the_tab_key_and_arrows_go_through_it()
    {
        await using OpenPage open = await browser.OpenAsync("atlas/layers/conv1/index.html");
        await open.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(open.Page.Locator(".skip")).ToBeFocusedAsync();
        await open.Page.Locator(".grid a").First.FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(open.Page.Locator(".grid a").Nth(2)).ToBeFocusedAsync();
        await open.Page.Keyboard.PressAsync("ArrowDown");
        int column = await open.Page.EvaluateAsync<int>("document.activeElement.getBoundingClientRect().left - document.querySelectorAll('.grid a')[2].getBoundingClientRect().left");
        Assert.Equal(0, column);
        Assert.NotEqual("none", await open.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await open.Page.Keyboard.PressAsync("End");
        await open.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(open.Page).ToHaveURLAsync(browser.Url("atlas/layers/conv1/0030.html"));
        await Assertions.Expect(open.Page.Locator(".no-signal")).ToContainTextAsync("its gradient is zero");
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Colours_follow_the_system_until_the_button_is_used_and_then_stay(bool dark)
    {
        await using OpenPage open = await browser.OpenAsync("atlas/index.html", dark: dark);
        Assert.Equal(dark, await IsDarkAsync(open.Page));
        await open.Page.Locator(".theme").ClickAsync();
        Assert.NotEqual(dark, await IsDarkAsync(open.Page));
        await Assertions.Expect(open.Page.Locator(".theme")).ToHaveAttributeAsync("aria-pressed", dark ? "false" : "true");

        await open.Page.GotoAsync(browser.Url("atlas/layers/conv1/0001.html"));
        Assert.NotEqual(dark, await IsDarkAsync(open.Page));
    }

    [SkippableTheory]
    [InlineData("atlas/index.html")]
    [InlineData("one.html")]
    public async Task A_layer_called_script_does_nothing_not_even_in_the_search(string path)
    {
        await using OpenPage open = await browser.OpenAsync(path);
        await Assertions.Expect(open.Page.Locator("h3", new() { HasText = AtlasBrowser.Hostile })).ToBeVisibleAsync();
        await open.Page.Locator("#search").FillAsync("script");
        await Assertions.Expect(open.Page.Locator("[role=option]").First).ToContainTextAsync(AtlasBrowser.Hostile);
        await open.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator("h1:visible")).ToHaveTextAsync(AtlasBrowser.Hostile);

        Assert.NotEqual("taken", await open.Page.TitleAsync());
    }

    [SkippableTheory]
    [InlineData("atlas/index.html")]
    [InlineData("atlas/layers/conv1/0002.html")]
    public async Task Pages_work_under_a_strict_policy(string path)
    {
        await using OpenPage open = await browser.OpenAsync(
            path, policy: "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

        // Styles, pictures and scripts are there; what the browser refuses it complains of.
        Assert.NotEqual("rgba(0, 0, 0, 0)", await open.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        Assert.True(await open.Page.EvaluateAsync<bool>("() => [...document.images].filter(image => image.complete).every(image => image.naturalWidth > 0)"));
        await open.Page.Locator("#search").FillAsync("conv1");
        await Assertions.Expect(open.Page.Locator("[role=option]").First).ToContainTextAsync("conv1");
    }

    [SkippableFact]
    public async Task Pages_can_be_read_without_script()
    {
        await using OpenPage open = await browser.OpenAsync("atlas/index.html");
        await open.Page.Context.RouteAsync("**/*.js", route => route.FulfillAsync(new() { Body = string.Empty }));
        await open.Page.ReloadAsync();

        await Assertions.Expect(open.Page.Locator(".search")).ToBeHiddenAsync();
        await open.Page.Locator("h3 a").First.ClickAsync();
        await Assertions.Expect(open.Page.Locator(".grid .tile")).ToHaveCountAsync(31);
    }

    private static async Task<bool> IsDarkAsync(IPage page) =>
        await page.EvaluateAsync<int>("+getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]") < 128;
}
