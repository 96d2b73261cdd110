using System.Reflection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace CnnViz.Showing.Atlas;

/// <summary>The parts that templates are made of.</summary>
internal sealed class EmbeddedTemplates : IFileProvider
{
    public IFileInfo GetFileInfo(string subpath) => new Template(Path.GetFileName(subpath));

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    private sealed class Template(string name) : IFileInfo
    {
        public bool Exists => Assembly.GetExecutingAssembly().GetManifestResourceInfo($"CnnViz.Showing.Atlas.{name}") is not null;

        public long Length
        {
            get
            {
                using Stream stream = CreateReadStream();
                return stream.Length;
            }
        }

        public string? PhysicalPath => null;

        public string Name => name;

        public DateTimeOffset LastModified => DateTimeOffset.UnixEpoch;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => AtlasTemplates.OpenAsset(name);
    }
}
