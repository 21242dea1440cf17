// What dmn-js says on its drawings, in Chinese; words that are not here stay as they are.
export default {
  'View DRD': '看需求图', 'Hit policy:': '命中策略：', 'When': '如果', 'Then': '则', 'And': '且', 'Annotations': '依据和说明',
  'Unique': '唯一', 'First': '首条', 'Priority': '优先', 'Any': '任一', 'Collect': '汇集', 'Rule order': '规则顺序', 'Output order': '输出顺序',
  'Collect (Sum)': '汇集（求和）', 'Collect (Min)': '汇集（最小）', 'Collect (Max)': '汇集（最大）', 'Collect (Count)': '汇集（计数）',
  'Input': '输入', 'Output': '输出', 'Output name': '输出名', 'Input label': '输入的名称', 'Output label': '输出的名称', 'Input expression': '输入表达式', 'Expression': '表达式',
  'Expression language': '表达式语言', 'Expression language:': '表达式语言：', 'Variable name': '变量名', 'Variable name:': '变量名：', 'Variable type': '变量类型', 'Variable type:': '变量类型：',
  'Decision name': '决策名', 'Decision name: ': '决策名：', 'Type': '类型', 'Value': '值', 'Values': '值', 'Predefined values': '预设值', 'Custom values': '自定义值', 'Comparison': '比较', 'Comparison operator': '比较方式', 'Range': '范围',
  'Exactly': '恰为', 'Between': '介于', 'Before': '早于', 'After': '晚于', 'Less': '小于', 'Less or equals': '小于等于', 'Greater': '大于', 'Greater or equals': '大于等于', 'Equals': '等于', 'Include': '含', 'Exclude': '不含',
  'Start value': '起', 'End value': '止', 'Yes': '是', 'No': '否', 'none': '无', '<none>': '（无）', 'Add input': '加输入列', 'Add output': '加输出列', 'Add rule': '加规则', 'Add': '加', 'Remove': '删除',
  'Add rule above': '在上方加规则', 'Add rule below': '在下方加规则', 'Remove rule': '删除规则', 'Copy rule': '复制规则', 'Cut rule': '剪切规则', 'Paste rule above': '粘贴到上方', 'Paste rule below': '粘贴到下方',
  'Add input column left': '在左侧加输入列', 'Add input column right': '在右侧加输入列', 'Remove input column': '删除输入列', 'Copy input column': '复制输入列', 'Cut input column': '剪切输入列', 'Paste input column left': '粘贴到左侧', 'Paste input column right': '粘贴到右侧',
  'Add output column left': '在左侧加输出列', 'Add output column right': '在右侧加输出列', 'Remove output column': '删除输出列', 'Copy output column': '复制输出列', 'Cut output column': '剪切输出列', 'Paste output column left': '粘贴到左侧', 'Paste output column right': '粘贴到右侧',
  'Create decision': '新建决策', 'Create input data': '新建输入数据', 'Create knowledge source': '新建知识来源', 'Create knowledge model': '新建知识模型', 'Append decision': '接一个决策', 'Append input data': '接一项输入数据', 'Append knowledge source': '接一个知识来源', 'Append business knowledge model': '接一个知识模型',
  'Activate hand tool': '平移', 'Activate lasso tool': '框选', 'Change type': '改类型', 'Connect to other element': '连到别处', 'Add text annotation': '加注释', 'Move rule': '移动规则', 'Delete': '删除',
  'Edit input': '修改输入列', 'Edit output': '修改输出列', 'Edit string': '修改文字', 'Edit number': '修改数', 'Edit boolean': '修改是否', 'Edit date': '修改日期', 'Edit time': '修改时间', 'Edit date and time': '修改日期和时间', 'Edit duration': '修改时长',
  'Strings must be in double quotes': '文字要加英文双引号', 'Use today': '用今天', 'Use now': '用现在', 'Set value': '填值', 'Test type': '条件',
};
