using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas;

/// <summary>The files of a filter's pictures, and the thumbnail of the one that stands for it.</summary>
/// <param name="form">Where they are kept.</param>
internal sealed class AtlasPictureFiles(IAtlasForm form)
{
    /// <summary>Keeps a picture; one with the same key is replaced. Where a file finds no room, the filter stays as it was.</summary>
    /// <param name="layer">The filter's layer.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="picture">What the atlas says of the picture.</param>
    /// <param name="file">Its file; null where it shows nothing.</param>
    /// <param name="thumbnail">Its thumbnail; null where it shows nothing.</param>
    /// <exception cref="CnnVizException">There is no room for it.</exception>
    public void Put(AtlasLayer layer, AtlasFilter filter, AtlasPicture picture, byte[]? file, byte[]? thumbnail)
    {
        AtlasPicture? main = filter.Main;
        List<AtlasPicture> pictures = With(filter.Pictures, picture);
        bool leads = pictures.Find(other => other.Reason is null) == picture;
        if (leads)
        {
            form.Save(AtlasPaths.Thumbnail(layer, filter), thumbnail!);
        }

        string path = AtlasPaths.Picture(layer, filter, picture);
        if (file is null)
        {
            form.Delete(path);
        }
        else
        {
            form.Save(path, file);
        }

        filter.Pictures.Clear();
        filter.Pictures.AddRange(pictures);

        // The one that stood for the filter may just have lost its signal.
        if (!leads && filter.Main is { } other && other != main)
        {
            RenewThumbnail(layer, filter, other);
        }
    }

    private static List<AtlasPicture> With(List<AtlasPicture> pictures, AtlasPicture picture)
    {
        int place = pictures.FindIndex(other => other.Key == picture.Key);
        return place < 0 ? [.. pictures, picture] : [.. pictures[..place], picture, .. pictures[(place + 1)..]];
    }

    private void RenewThumbnail(AtlasLayer layer, AtlasFilter filter, AtlasPicture picture)
    {
        string thumbnail = AtlasPaths.Thumbnail(layer, filter);
        if (picture.Reason is null)
        {
            form.Save(thumbnail, AtlasImages.EncodeThumbnail(form.Load(AtlasPaths.Picture(layer, filter, picture))));
        }
        else
        {
            form.Delete(thumbnail);
        }
    }
}
