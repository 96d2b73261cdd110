using System.Text.RegularExpressions;

namespace CnnViz.Tests.Showing.Atlas;

/// <summary>Where the pages of an atlas lead.</summary>
internal static class PageLinks
{
    /// <summary>Fails where a link or a picture of any page in a folder is not there.</summary>
    /// <returns>The paths of the pages.</returns>
    public static string[] AssertAllLead(string folder)
    {
        string[] pages = Directory.GetFiles(folder, "*.html", SearchOption.AllDirectories);
        foreach (string page in pages)
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(page), "(?:href|src)=\"(?<to>[^\"#]+)\""))
            {
                string target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups["to"].Value);
                Assert.True(File.Exists(target), $"{page} leads to {link.Groups["to"].Value}");
            }
        }

        return pages;
    }
}
