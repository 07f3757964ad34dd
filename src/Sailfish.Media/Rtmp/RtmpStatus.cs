namespace Sailfish.Media.Rtmp;

/// <summary>Codes of the command onStatus (RTMP 1.0, section 7.2.2), which publishing programs show to people or act upon.</summary>
public static class RtmpStatus
{
    /// <summary>Refused: the name or its key is wrong, or another one publishes by it now.</summary>
    public const string PublishBadName = "NetStream.Publish.BadName";

    /// <summary>Refused for another reason.</summary>
    public const string PublishDenied = "NetStream.Publish.Denied";

    internal const string PublishStart = "NetStream.Publish.Start";
    internal const string UnpublishSuccess = "NetStream.Unpublish.Success";
    internal const string PlayFailed = "NetStream.Play.Failed";
    internal const string ConnectSuccess = "NetConnection.Connect.Success";
}
