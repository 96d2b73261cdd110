using CnnViz.Ascent;
using CnnViz.Runtimes;
using CnnViz.Showing.Atlas;
using CnnViz.Showing.Files;
using Microsoft.Playwright;

namespace CnnViz.Tests.Showing.Atlas;

/// <summary>One browser, and one atlas as a folder and as a file, for all tests that look at pages.</summary>
public sealed class AtlasBrowser : IAsyncLifetime
{
    internal const string Hostile = "<script>document.title='taken'</script>";

    // Nobody has this name.
    private const string Server = "https://atlas.invalid/";

    private static readonly string[] s_browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (s_browsers.FirstOrDefault(File.Exists) is not { } path)
        {
            return;
        }

        NativeLibraries.EnsureLoaded();
        WriteAtlases();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The address of a page of the folder, or of the one file.</summary>
    public string Url(string page) => $"file://{_folder}/{page}";

    /// <summary>Opens a page; what its script complains of fails the test at its end.</summary>
    /// <param name="page">Its path, such as <c>atlas/index.html</c>.</param>
    /// <param name="dark">Whether the system is dark.</param>
    /// <param name="policy">A content security policy under which it comes from a server; null for the file itself.</param>
    public async Task<OpenPage> OpenAsync(string page, bool dark = false, string? policy = null)
    {
        Skip.If(_browser is null, "There is no Chromium on this machine.");
        IBrowserContext context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = 1280, Height = 800 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        IPage opened = await context.NewPageAsync();
        var complaints = new List<string>();
        opened.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        opened.PageError += (_, error) => complaints.Add(error);
        opened.RequestFailed += (_, request) => complaints.Add(request.Url);
        opened.Dialog += (_, dialog) => complaints.Add(dialog.Message);
        if (policy is not null)
        {
            await context.RouteAsync($"{Server}**", route => route.FulfillAsync(new()
            {
                Path = Path.Combine(_folder, Uri.UnescapeDataString(new Uri(route.Request.Url).AbsolutePath)[1..]),
                Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = policy },
            }));
        }

        await opened.GotoAsync(policy is null ? Url(page) : Server + page);
        return new OpenPage(opened, complaints);
    }

    private void WriteAtlases()
    {
        using var model = new WideModel(("conv1", 64), ("Inception_4c/3x3", 64), (Hostile, 8), ("bare", 8));
        foreach (FilterAtlas atlas in new[]
        {
            FilterAtlas.OpenFolder(Path.Combine(_folder, "atlas")), FilterAtlas.CreateFile(Path.Combine(_folder, "one.html")),
        })
        {
            atlas.Add(model.Model);
            for (int i = 0; i < 30; i++)
            {
                Add(model.Picture("conv1", i, size: 24, className: i == 21 ? "banded gecko" : null));
            }

            Add(model.Picture("conv1", 2, seed: 5));
            Add(model.Picture("conv1", 30, status: AscentStatus.Dead));
            Add(model.Picture("Inception_4c/3x3", 7));
            Add(model.Picture(Hostile, 0));
            Add(model.Picture(Hostile, 3, className: Hostile));
            atlas.Complete();

            void Add(FilterImage image)
            {
                using (image)
                {
                    atlas.Add(image);
                }
            }
        }
    }
}

/// <summary>A page that is open.</summary>
/// <param name="Page">The page.</param>
/// <param name="Complaints">What the browser had to say of it.</param>
public sealed record OpenPage(IPage Page, List<string> Complaints) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.Empty(Complaints);
    }
}
