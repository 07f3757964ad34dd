namespace Sailfish.Server.Cluster;

internal static partial class ClusterLog
{
    [LoggerMessage(1200, LogLevel.Information, "The bus between the nodes is up: {Bus}")]
    public static partial void BusUp(ILogger logger, string bus);

    [LoggerMessage(1201, LogLevel.Warning, "The bus between the nodes is away ({Bus}): {Reason}. Messages are read from the log meanwhile")]
    public static partial void BusAway(ILogger logger, string bus, string reason);

    [LoggerMessage(1202, LogLevel.Warning, "Frames of node {Source} are missing; what they told is read from the log ({LeftOut} such lines left out before)")]
    public static partial void FramesLost(ILogger logger, long source, int leftOut);

    [LoggerMessage(1203, LogLevel.Warning, "A frame of {Length} bytes of node {Source} was refused: {Fault} ({LeftOut} such lines left out before)")]
    public static partial void FrameRefused(ILogger logger, int length, long source, string fault, int leftOut);

    [LoggerMessage(1204, LogLevel.Error, "What a frame of node {Source} asked for failed")]
    public static partial void FrameFailed(ILogger logger, Exception fault, long source);

    [LoggerMessage(1205, LogLevel.Warning, "A question of node {Source} could not be answered")]
    public static partial void AnswerFailed(ILogger logger, Exception fault, long source);

    [LoggerMessage(1206, LogLevel.Warning, "The bus {Bus} is on another host and asks for no password: whoever reaches it reads and forges what nodes tell each other. Put credentials into Sailfish:Cluster:Bus")]
    public static partial void NoCredentials(ILogger logger, string bus);

    [LoggerMessage(1207, LogLevel.Error, "The heartbeat to other nodes failed")]
    public static partial void HeartbeatFailed(ILogger logger, Exception fault);

    [LoggerMessage(1208, LogLevel.Information, "Node {Source} is heard")]
    public static partial void FirstHeard(ILogger logger, long source);

    [LoggerMessage(1209, LogLevel.Warning, "The server of the bus says: {Error} ({LeftOut} such lines left out before)")]
    public static partial void ServerError(ILogger logger, string error, int leftOut);

    [LoggerMessage(1210, LogLevel.Error, "What another node told the users here could not be told")]
    public static partial void NotTold(ILogger logger, Exception fault);

    [LoggerMessage(1211, LogLevel.Warning, "What a frame named at {Places} places of the log could not be read; it is looked for again")]
    public static partial void PlacesNotRead(ILogger logger, Exception fault, int places);

    [LoggerMessage(1212, LogLevel.Warning, "That messages of the rooms here are wanted could not be noted again; it is tried until it can")]
    public static partial void RoomsNotAttended(ILogger logger, Exception fault);

    [LoggerMessage(1213, LogLevel.Warning, "This node alone has been without the database for {Seconds} s: its clients are sent to the others")]
    public static partial void CutOff(ILogger logger, double seconds);

    [LoggerMessage(1214, LogLevel.Information, "This node has the database again, or no other has it either")]
    public static partial void NotCutOff(ILogger logger);
}
